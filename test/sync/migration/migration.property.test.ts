import fc from 'fast-check';
import { HubSpotClient } from '../../../clients/hubspot/api/hubSpotClient';
import { HubSpotWriter } from '../../../clients/hubspot/api/hubSpotWriter';
import { sharedHubSpotLimits } from '../../../clients/hubspot/api/limits';
import { openHubSpotDestination } from '../../../clients/hubspot/destination/openDestination';
import type { MappedContact } from '../../../core/contact/contact';
import type { HttpPort } from '../../../core/ports';
import { upsertContacts } from '../../../core/upsert/upsertContacts';
import type { RunningHubSpot } from '../../../sandbox/hubspot';
import { startHubSpot } from '../../../sandbox/hubspot';
import { file, read } from '../../clients/exports/reading';
import { DEFAULT_UPSERT, newAccount } from '../../support/brevoAccount';
import { plainHttp } from '../../support/http/plainHttp';
import { propertyRuns } from '../../support/propertyRuns';
import { sizeOf } from '../../support/sizes';
import { sandboxClock } from '../../support/triggerFollower';

const LIST = 'Moved';
const NAMES = ['ada', 'bea', 'cy', 'dan', 'eve', 'flo'];
const HEADER = 'Email Address,First Name,Last Name,OPTIN_TIME,LEID,EUID';

/** Files of an export by what they say of their rows. */
const KINDS = {
	subscribed: 'subscribed_email_audience_export_1.csv',
	unsubscribed: 'unsubscribed_email_audience_export_1.csv',
	cleaned: 'cleaned_email_audience_export_1.csv',
	suppressed: 'bounces.csv',
} as const;
type Kind = keyof typeof KINDS;

interface FileOfRun {
	readonly kind: Kind;
	readonly rows: ReadonlyArray<{ readonly name: string; readonly spelling: 0 | 1 | 2 }>;
}

interface RunOfHistory {
	readonly files: readonly FileOfRun[];
	/** Calls to HubSpot after which the process is killed; it is started again with the same files. */
	readonly killedAfter?: number;
	/** HubSpot answers 503 to so many of its opt-out calls. */
	readonly faults: number;
}

interface History {
	/** Contacts that HubSpot holds before, and whether they opted out there. */
	readonly before: ReadonlyArray<{ readonly name: string; readonly optedOut: boolean }>;
	readonly enterprise: boolean;
	readonly runs: readonly RunOfHistory[];
}

const addressOf = (name: string): string => `${name}@example.com`;
const SPELLINGS = [
	(address: string) => address,
	(address: string) => address.toUpperCase(),
	(address: string) => `" ${address} "`,
] as const;

const rows = fc.array(fc.record({ name: fc.constantFrom(...NAMES), spelling: fc.constantFrom(0, 1, 2) }), {
	minLength: 1,
	maxLength: 6,
});
const histories: fc.Arbitrary<History> = fc.record({
	before: fc.uniqueArray(fc.record({ name: fc.constantFrom(...NAMES), optedOut: fc.boolean() }), {
		selector: ({ name }) => name,
		maxLength: 3,
	}),
	enterprise: fc.boolean(),
	runs: fc.array(
		fc.record(
			{
				files: fc.array(
					fc.record({ kind: fc.constantFrom<Kind>('subscribed', 'unsubscribed', 'cleaned', 'suppressed'), rows }),
					{ minLength: 1, maxLength: 4 },
				),
				killedAfter: fc.nat(9),
				faults: fc.constantFrom(0, 0, 0, 3, 12),
			},
			{ requiredKeys: ['files', 'faults'] },
		),
		{ minLength: 1, maxLength: 3 },
	),
});

class Killed extends Error {}

/** Looks at HubSpot after each of its calls: what it finds wrong. */
class Witness {
	readonly faults: string[] = [];
	/** Addresses that opted out in the files of the run, and contacts that HubSpot held before it. */
	private out = new Set<string>();
	private heldBefore = new Set<string>();
	private readonly everOut = new Set<string>();

	constructor(private readonly hubspot: RunningHubSpot) {
		const { requests } = hubspot;
		const add = requests.add.bind(requests);
		requests.add = (entry) => {
			add(entry);
			this.look(`${entry.method} ${entry.route}`);
		};
		this.leave = () => void Reflect.deleteProperty(requests, 'add');
	}

	/** Looks no more. */
	readonly leave: () => void;

	begin(out: ReadonlySet<string>): void {
		this.out = new Set(out);
		this.heldBefore = new Set(NAMES.map(addressOf).filter((address) => this.holder(address) !== undefined));
	}

	look(after: string): void {
		const writes = /contacts\/batch\/(create|update)|memberships\/add/.test(after);
		for (const address of NAMES.map(addressOf)) {
			const isOut = this.isOut(address);
			if (isOut) this.everOut.add(address);
			if (this.everOut.has(address) && !isOut) this.faults.push(`${address} is mailable again after ${after}`);
			if (!this.out.has(address) || isOut) continue;
			if (writes) this.faults.push(`${after} came before the opt-out of ${address}`);
			if (this.holder(address) !== undefined && !this.heldBefore.has(address))
				this.faults.push(`${address} is a mailable contact after ${after}, before its opt-out`);
		}
	}

	isOut = (address: string): boolean =>
		this.hubspot.store.preferences.optedOutAt(address) !== undefined ||
		this.hubspot.store.contacts.contacts.get(this.holder(address) ?? 0)?.properties['hs_email_optout'] === 'true';

	holder = (address: string): number | undefined => this.hubspot.store.contacts.holderOf(address);
}

const textOf = ({ kind, rows: lines }: FileOfRun): string => {
	const emails = lines.map(({ name, spelling }) => SPELLINGS[spelling](addressOf(name)));
	if (kind === 'suppressed') return ['Email Address', ...emails].join('\n');
	return [HEADER, ...emails.map((email) => `${email},First,Last,2024-01-02 03:04:05,1,a`)].join('\n');
};

/** As Map Contact Fields makes them of the items, opt-outs first or last: the order of the batch must not matter. */
async function contactsOf(files: readonly FileOfRun[]): Promise<MappedContact[]> {
	const { contacts } = await read(
		files.map((one, index) => file(`${index}/${KINDS[one.kind]}`, textOf(one))),
		{ suppressionFiles: ['bounces'], account: 'mailchimp' },
	);
	return contacts
		.filter(({ standing }) => standing !== 'noConsent')
		.map(({ contact: { key, change, source, changedAt, optedOut, email } }) => ({
			...{ key, change, source, changedAt, optedOut },
			contact: { email, attributes: { firstname: 'First' } },
			warnings: [],
		}));
}

/** One run of the import. Throws where the process is killed. */
async function importOnce(hubspot: RunningHubSpot, contacts: MappedContact[], account: string, killedAfter = Infinity) {
	const clock = sandboxClock(hubspot);
	const plain = plainHttp(hubspot.url, { authorization: `Bearer ${hubspot.token}` });
	let calls = 0;
	const http: HttpPort = {
		send: async (request) => {
			if (calls++ >= killedAfter) throw new Killed();
			return await plain.send(request);
		},
	};
	const limits = sharedHubSpotLimits(account, clock);
	const [client, writer] = [new HubSpotClient(http, clock, limits), new HubSpotWriter(http, clock, limits)];
	const settings = { list: { name: LIST, create: true }, fieldNames: ['firstname'] };
	const destination = await openHubSpotDestination(client, writer, account, clock, settings);
	if (destination.kind !== 'ok') return destination;
	const rules = { ...DEFAULT_UPSERT, optOuts: 'blockOnly' } as const;
	return (await upsertContacts(contacts, destination.value, rules, clock)).failure;
}

async function play(history: History, hubspot: RunningHubSpot): Promise<string[]> {
	hubspot.reset();
	hubspot.settings.accountTier = history.enterprise ? 'enterprise' : 'starter';
	for (const { name, optedOut } of history.before) {
		const id = hubspot.store.addContact({ email: addressOf(name) });
		if (optedOut) hubspot.store.optOut(id);
	}
	const witness = new Witness(hubspot);
	try {
		await playRuns(history, hubspot, witness);
	} finally {
		witness.leave();
	}
	return witness.faults;
}

async function playRuns({ runs }: History, hubspot: RunningHubSpot, witness: Witness): Promise<void> {
	let account = newAccount();
	for (const { files, killedAfter, faults } of runs) {
		const contacts = await contactsOf(files);
		const out = new Set(
			files.flatMap((one) => (one.kind === 'subscribed' ? [] : one.rows.map(({ name }) => addressOf(name)))),
		);
		const agreed = new Set(
			files.flatMap((one) => (one.kind === 'subscribed' ? one.rows.map(({ name }) => addressOf(name)) : [])),
		);
		witness.begin(out);
		if (faults > 0) hubspot.faults.next('POST /communication-preferences/*', { status: 503, times: faults });
		if (killedAfter !== undefined) {
			await importOnce(hubspot, contacts, account, killedAfter).catch((error: unknown) => {
				if (!(error instanceof Killed)) throw error;
			});
			account = newAccount();
		}
		// Until HubSpot is up again.
		for (let attempt = 0; (await importOnce(hubspot, contacts, account)) && attempt < 10; attempt++);
		hubspot.faults.clear();
		for (const address of out)
			if (!witness.isOut(address)) witness.faults.push(`${address} is not opted out in the end`);
		const members = hubspot.store.lists.byName(LIST)?.members;
		for (const address of NAMES.map(addressOf)) {
			const id = witness.holder(address);
			const onList = id !== undefined && members?.has(id) === true;
			if (out.has(address) && onList) witness.faults.push(`${address} opted out and is on the list`);
			if (!out.has(address) && agreed.has(address) && !onList)
				witness.faults.push(`${address} agreed and is not on the list`);
		}
	}
}

describe('migrations of random files, in any order, with kills and second runs', () => {
	let hubspot: RunningHubSpot;
	beforeAll(async () => void (hubspot = await startHubSpot({ members: 1, extraContacts: 1, awkward: false })));
	afterAll(async () => await hubspot.close());

	it('MG-10, MG-23: no mailable contact exists in HubSpot before its opt-out was applied', async () => {
		const runs = propertyRuns('migrations', sizeOf(80, 2_000));
		await fc.assert(
			fc.asyncProperty(histories, async (history) => {
				expect(await play(history, hubspot)).toEqual([]);
				runs.count();
			}),
			runs.parameters,
		);
	}, 3_600_000);
});
