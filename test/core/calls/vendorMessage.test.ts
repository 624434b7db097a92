import { classifyBrevoReply } from '../../../clients/brevo/api/classify';
import { classifyReply as classifyHubSpot } from '../../../clients/hubspot/api/classify';
import { classifyReply as classifySalesforce } from '../../../clients/salesforce/api/classify';
import { shortened } from '../../../core/calls/vendorMessage';

const KEYS = [
	'xkeysib-0123456789abcdef0123456789abcdef-AbCdEfGhIjKlMnOp',
	'xsmtpsib-0123456789abcdef-AbCdEfGh',
	'pat-eu1-01234567-89ab-cdef-0123-456789abcdef',
	'00DgK0000000001!AQEAQ.x_yZ0123456789',
	'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl',
	'n8n_api_0123456789abcdef0123456789abcdef01234567',
	'Bearer abcdefgh12345678',
];
const reply = (status: number, body: unknown) => ({ kind: 'reply' as const, status, headers: {}, body });

describe('no key, address or number that a vendor quotes comes into a message', () => {
	it.each(KEYS)('%s', (key) => {
		const said = `The header api-key: ${key} of ada@x.example (+49 151 2345-6789) is not known`;
		const messages = [
			shortened(said),
			...[400, 403, 404, 409, 422].flatMap((status) => [
				classifyBrevoReply(reply(status, { code: 'invalid_parameter', message: said })),
				classifyHubSpot(reply(status, { category: 'VALIDATION_ERROR', message: said, correlationId: 'c' }), 'reading'),
				classifySalesforce(reply(status, [{ errorCode: 'MALFORMED_QUERY', message: said }]), 'reading'),
			]),
		].map((one) => JSON.stringify(typeof one === 'string' ? one : { ...one, details: undefined }));
		for (const message of messages) {
			expect(message).not.toContain(key.replace('Bearer ', ''));
			expect(message).not.toMatch(/ada@|2345/);
		}
	});

	it('ids and ordinary words stay', () => {
		const said = 'Contact 24690114345 (003gK0000000001QAA) is not in list 101: pattern-based rule, bearer of a name';
		expect(shortened(said)).toBe(said);
	});
});
