import { z } from 'zod';
import { classifyN8nReply } from '../../../clients/n8n/classify';

const answered = (status: number, body: unknown) =>
	classifyN8nReply({ kind: 'reply', status, body, headers: {} }, 'dataTableRow:read', z.object({}));

describe('what answers in the place of n8n’s API', () => {
	it.each([400, 401, 402, 403, 405, 407, 409, 421, 451])(
		'the page of a proxy with status %d is no verdict on the key, its scopes or the table',
		(status) => {
			expect(answered(status, '<html>Blocked by policy</html>')).toMatchObject({
				kind: 'retry',
				code: 'LEDGER_UNREACHABLE',
			});
		},
	);

	it.each([400, 405, 407, 409])('a body of another form with status %d is none either', (status) => {
		for (const body of [{}, [], { error: 'Conflict' }]) expect(answered(status, body)).toMatchObject({ kind: 'retry' });
	});

	it('n8n’s own words are one', () => {
		expect(answered(400, { message: 'no such column' })).toMatchObject({ kind: 'refused', code: 'LEDGER_REFUSED' });
		expect(answered(403, { message: 'Forbidden' })).toMatchObject({ kind: 'stop', code: 'SCOPE_MISSING' });
	});
});
