import { WrittenValues } from '../../../core/upsert/plan/whoWins/writtenValues';
import { n8nClock } from '../n8n/n8nClock';

/**
 * What Contact List Upsert wrote in this process, whatever the accounts: two syncs that run against each other have different ones. A trigger
 * asks what of it was taken back.
 */
export const writtenBySyncs = new WrittenValues(n8nClock());
