import type { IPollFunctions, NodeTypeAndVersion } from 'n8n-workflow';
import { batchSizes } from '../../../../nodes/shared/trigger/settings';

/** A trigger before these nodes; those that begin with `-` are switched off. */
function sizesBefore(nodes: readonly string[], batchSize: number | null = null) {
	const after = nodes.map((type): NodeTypeAndVersion => ({
		name: type,
		type: type.replace('-', ''),
		typeVersion: 1,
		disabled: type.startsWith('-'),
	}));
	return batchSizes({
		getNode: () => ({ name: 'trigger' }),
		getNodeParameter: () => batchSize,
		getChildNodes: () => after,
	} as unknown as IPollFunctions);
}

const OURS = ['x.mapContactFields', 'x.contactListUpsert'];

describe('how large batches may be', () => {
	it.each([
		['only nodes of ours follow', OURS],
		['nodes that shape or keep what they get follow as well', [...OURS, 'n8n-nodes-base.filter', 'n8n-nodes-base.dataTable']], // prettier-ignore
		['a slow node is switched off', [...OURS, '-n8n-nodes-base.slack']],
	])('5,000, and 1,000 after a failed run where %s', (_where, nodes) => {
		expect(sizesBefore(nodes)).toEqual({ first: 5_000, most: 5_000, afterFailure: 1_000 });
	});

	it.each(['n8n-nodes-base.slack', 'n8n-nodes-base.httpRequest', 'n8n-nodes-base.code', 'x.readContacts'])(
		'1,000 at first where %s follows, which may take long for each contact',
		(type) => {
			expect(sizesBefore([...OURS, type])).toMatchObject({ first: 1_000, most: 5_000 });
		},
	);

	it('1,000 before a Quota Guard: one that is delivered again must not be smaller than what was counted for it', () => {
		expect(sizesBefore([...OURS, 'x.quotaGuard'])).toEqual({ first: 1_000, most: 1_000 });
	});

	it("as 'Batch Size' says where it is set", () => {
		expect(sizesBefore(OURS, 300)).toEqual({ first: 300, most: 300 });
	});
});
