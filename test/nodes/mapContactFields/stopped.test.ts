import type { IDataObject } from 'n8n-workflow';
import { change, mapNode, mappingOf, runMap, startVendors, types } from './mapNode';
import type { Vendors } from './mapNode';
import { runNodes } from '../../support/n8n/engine';

let vendors: Vendors;

beforeAll(async () => {
	vendors = await startVendors();
});
afterAll(async () => await vendors.close());

const codes = (items: IDataObject[]): unknown[] => items.map(({ code }) => code);

describe('settings that stop the run before anything is emitted', () => {
	const input = [change(1, { email: 'a@b.co' }), change(2, { email: 'b@b.co' })];

	it.each<[string, IDataObject, RegExp, RegExp]>([
		[
			'a table that was never opened',
			{ mapping: mappingOf(null) },
			/No Brevo attribute has a HubSpot field/,
			/Open Map Contact Fields/,
		],
		['no mapping parameter at all', { mapping: undefined }, /No Brevo attribute/, /Open Map Contact Fields/],
		[
			'HB-11: neither e-mail nor SMS',
			{ mapping: mappingOf({ FIRSTNAME: 'firstname' }) },
			/^Neither Email nor SMS is mapped\. A row that was removed comes back with 'Add attribute to send' below the rows\.$/,
			/Email or SMS/,
		],
		[
			'a source field that is gone',
			{ mapping: mappingOf({ EMAIL: 'email', CITY: 'town' }) },
			/HubSpot has no field 'town' \(mapped to CITY\)/,
			/deleted or renamed/,
		],
		[
			'an attribute that is gone',
			{ mapping: mappingOf({ EMAIL: 'email', TOWN: 'city' }) },
			/Brevo has no attribute 'TOWN'/,
			/Create the attribute again/,
		],
		[
			'a half-filled row',
			{ moreMappings: { row: [{ destinationField: '', sourceField: 'city' }] } },
			/Row 1 of 'More Mappings' has no attribute/,
			/Correct the setting/,
		],
	])('%s', async (_name, parameters, message, description) => {
		const run = await runMap(vendors, parameters, input);
		expect(run.error?.message).toMatch(message);
		expect(run.error?.description).toMatch(description);
		expect([...run.items('Map'), ...run.items('Map', 1)]).toEqual([]);
	});

	it('with "continue on fail" every item leaves as failed instead, and none as mapped', async () => {
		const run = await runMap(vendors, { mapping: mappingOf({ FIRSTNAME: 'firstname' }) }, input, {
			onError: 'continueRegularOutput',
		});
		expect(run.error).toBeUndefined();
		expect(run.json('Map')).toEqual([]);
		expect(run.json('Map', 1)).toMatchObject(
			input.map(({ key }) => ({ key, outcome: { status: 'failed', code: 'NO_IDENTIFIER_MAPPED', retryable: false } })),
		);
	});

	it('an expression that fails for all contacts is a wrong setting, named with its row and first item', async () => {
		const mapping = mappingOf({ EMAIL: 'email', CITY: "={{ $('Nowhere').item.json.x }}" });
		const stopped = await runMap(vendors, { mapping }, input);
		expect(stopped.error?.message).toMatch(/The expression of 'CITY' cannot be worked out \[item 0\]/);
		expect(stopped.error?.description).toMatch(/Correct the setting/);
		const went = await runMap(vendors, { mapping }, input, { onError: 'continueRegularOutput' });
		expect(went.json('Map').map(({ warnings }) => codes(warnings as IDataObject[]))).toEqual([
			['EXPRESSION_FAILED'],
			['EXPRESSION_FAILED'],
		]);
		// One contact alone proves nothing about the setting.
		const alone = await runMap(vendors, { mapping }, input.slice(0, 1));
		expect(alone.json('Map')).toMatchObject([{ warnings: [{ field: 'CITY', code: 'EXPRESSION_FAILED' }] }]);
		expect(alone.hints.join()).toMatch(/The expression of 'CITY' could not be worked out for 1 of 1 contacts/);
	});

	it('works with a schema of another account', async () => {
		const schema = [
			{
				id: 'ELSEWHERE',
				displayName: 'ELSEWHERE',
				type: 'options',
				options: [{ name: 'x', value: 'x' }],
				required: false,
				display: true,
			},
		];
		const run = await runMap(vendors, { mapping: mappingOf({ EMAIL: 'email' }, schema) }, input);
		expect(run.json('Map')).toHaveLength(2);
	});

	it.each<[string, (own: Vendors) => void, RegExp, RegExp]>([
		[
			'a wrong Brevo key',
			({ brevo }) => void (brevo.settings.apiKey = 'xkeysib-other'),
			/^Brevo does not accept the API key$/,
			/Check the key or token in the credential/,
		],
		[
			'an IP address that Brevo does not accept',
			({ brevo }) => void (brevo.settings.blockIp = true),
			/^Brevo does not accept calls from the IP address of this n8n .*authorised_ips/,
			/Authorise the IP address/,
		],
		[
			'a revoked HubSpot token',
			({ hubSpot }) => hubSpot.tokens.revoke(hubSpot.token),
			/^HubSpot does not accept the credential/,
			/Check the key or token in the credential/,
		],
		[
			'a HubSpot token without the scope',
			({ hubSpot }) => hubSpot.tokens.set(hubSpot.token, ['crm.lists.read']),
			/^The HubSpot credential lacks a scope for .*crm\.objects\.contacts\.read/,
			/Grant the named scope/,
		],
		[
			'Brevo that is down',
			({ brevo }) => void brevo.faults.next('*', { status: 503, times: 0 }),
			/^Brevo answered with status 503/,
			/the sync tries again/,
		],
	])(
		'%s is told by name, and nothing leaves',
		async (_name, arrange, message, description) => {
			const own = await startVendors();
			try {
				arrange(own);
				const run = await runMap(own, {}, input);
				expect(run.error?.message).toMatch(message);
				expect(run.error?.description).toMatch(description);
				expect([...run.items('Map'), ...run.items('Map', 1)]).toEqual([]);
			} finally {
				await own.close();
			}
		},
		60_000,
	);

	it('a missing credential stops the run', async () => {
		const none = await runNodes([mapNode({}, { credentials: {} })], { types, credentials: vendors.credentials, input });
		expect(none.error?.message).toMatch(/credential/i);
		expect(none.items('Map')).toEqual([]);
	});
});
