import { createHmac } from 'node:crypto';
import { addressForm } from '../contact/email';

/** Signs of a mark: enough that two addresses of a sync do not share one. */
const MARK_LENGTH = 16;

/**
 * The mark by which a contact is found by its address without the address being kept: a hash with a key (RFC 2104). With `secret`, which
 * is this n8n's own and stands in no table, a mark cannot be compared with a list of addresses elsewhere.
 */
export const addressMark = (address: string, secret: string): string =>
	createHmac('sha256', secret).update(addressForm(address.trim())).digest('base64url').slice(0, MARK_LENGTH);
