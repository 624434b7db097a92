import { statusCounts, upsertIntoBrevo } from '../../../../support/brevoAccount';
import { mappedCrowd } from '../../../../support/mappedContacts';
import { useBrevoSandbox } from '../../support/brevoSandbox';

const sandbox = useBrevoSandbox();

describe('imports', () => {
	it('stay below 8 MB each', async () => {
		const heavy = mappedCrowd(1_300).map((one) => ({
			...one,
			contact: { ...one.contact, attributes: { NOTES: 'ü'.repeat(4_500) } },
		}));
		expect(statusCounts(await upsertIntoBrevo(sandbox.brevo, heavy, { list: { id: sandbox.list } }))).toEqual({
			created: 1_300,
		});
		expect(sandbox.brevo.requests.counts()['POST /contacts/import']).toBe(2);
	}, 60_000);

	it('that fail are made up for by single writes', async () => {
		sandbox.brevo.settings.failImports = 1;
		expect(statusCounts(await upsertIntoBrevo(sandbox.brevo, mappedCrowd(40), { list: { id: sandbox.list } }))).toEqual(
			{ created: 40 },
		);
	});

	it.each(['attribute', 'field', 'none'] as const)(
		'store our key where Brevo reads the external id from: %s',
		async (importExtId) => {
			sandbox.brevo.settings.importExtId = importExtId;
			expect(
				statusCounts(await upsertIntoBrevo(sandbox.brevo, mappedCrowd(35), { list: { id: sandbox.list } })),
			).toEqual({ created: 35 });
			expect(sandbox.contact('person1@crowd.example')?.identifiers.ext_id).toBe('hubspot:1:contact:1');
		},
	);

	it('that take too long end as NOT_CONFIRMED, with few looks and fewer questions about the process', async () => {
		sandbox.brevo.settings.importDelayMs = 60_000;
		const report = await upsertIntoBrevo(sandbox.brevo, mappedCrowd(40), {
			list: { id: sandbox.list },
			settings: { longestWaitMs: 5_000 },
		});
		expect(statusCounts(report)).toEqual({ 'failed NOT_CONFIRMED': 40 });
		expect(report.failure?.code).toBe('NOT_CONFIRMED');
		expect(sandbox.brevo.requests.counts()['GET /processes/:id'] ?? 0).toBeLessThanOrEqual(3);
		expect(sandbox.brevo.requests.total).toBeLessThan(20);
		sandbox.brevo.settings.importDelayMs = 0;
	});
});
