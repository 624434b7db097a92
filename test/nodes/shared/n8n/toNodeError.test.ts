import type { INode } from 'n8n-workflow';
import { NodeApiError, NodeOperationError } from 'n8n-workflow';
import type { Failure } from '../../../../core/result';
import { toNodeError } from '../../../../nodes/shared/n8n/toNodeError';

const NODE: INode = { id: '1', name: 'Node', type: 'test', typeVersion: 1, position: [0, 0], parameters: {} };

describe('toNodeError', () => {
	it('shows a wrong setting with what to do', () => {
		const error = toNodeError(NODE, { kind: 'stop', code: 'NO_LIST_SELECTED', reason: 'No list is selected' });
		expect(error).toBeInstanceOf(NodeOperationError);
		expect(error.message).toBe('No list is selected');
		expect(error.description).toBe("Pick a list in the field 'List'.");
	});

	it.each<[Failure, string]>([
		[{ kind: 'retry', code: 'RATE_LIMITED', reason: 'too many calls', afterMs: 9_000 }, 'rate-limited'],
		[{ kind: 'retry', code: 'UNAVAILABLE', reason: 'HubSpot answered with status 500' }, 'temporarily-unavailable'],
		[{ kind: 'stop', code: 'CREDENTIAL_INVALID', reason: 'HubSpot does not accept the token' }, 'credential-invalid'],
		[{ kind: 'stop', code: 'DAILY_LIMIT_REACHED', reason: 'used up' }, 'quota-exhausted'],
		[{ kind: 'refused', code: 'UNEXPECTED_ANSWER', reason: 'odd' }, 'configuration-invalid'],
	])('tells n8n’s scheduler how long to leave the trigger alone (%#)', (failure, cause) => {
		const error = toNodeError(NODE, failure);
		expect(error).toBeInstanceOf(NodeApiError);
		expect(error.message).toBe(failure.reason);
		expect(error.failure).toMatchObject({ cause });
	});

	it('names the item', () => {
		const error = toNodeError(NODE, { kind: 'refused', code: 'DESTINATION_REFUSED', reason: 'no' }, 3);
		expect(error.context.itemIndex).toBe(3);
	});
});
