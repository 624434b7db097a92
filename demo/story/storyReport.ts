import type { Difference } from '../truth/compare';
import { compareHoldings } from '../truth/compare';
import { readExpectation, readHoldings } from '../truth/sandboxTruth';
import type { Stage } from '../stage';
import { type ChapterReport, type StoryOptions, playStory } from './playStory';

/** The whole story; this is what `--json` prints under `story`. */
export interface StoryReport {
	/** True when every chapter went as it should and both sides agree in the end. */
	readonly ok: boolean;
	readonly seconds: number;
	readonly chapters: readonly ChapterReport[];
	/** Between both sides after the last chapter. */
	readonly differences: readonly Difference[];
}

/** Plays the story and compares everybody on both sides afterwards, not only those it was about. */
export async function tellStory(options: StoryOptions): Promise<StoryReport> {
	const startedAt = Date.now();
	const { stage, workflow } = options;
	const { sandbox, choices } = stage;
	const { world, chapters } = await playStory(options);
	const expectation = readExpectation(sandbox, workflow);
	const differences = [
		...compareHoldings(expectation, world.before, readHoldings(sandbox, choices)),
		...writesToHubSpot(sandbox),
	];
	const ok = differences.length === 0 && chapters.every((chapter) => chapter.ok);
	return { ok, seconds: (Date.now() - startedAt) / 1000, chapters, differences };
}

/** HB-21, HB-23: the sync is one-way. What is not a GET, a search or a batch read would change HubSpot. */
function writesToHubSpot({ hubspot }: Stage['sandbox']): Difference[] {
	return hubspot.requests.entries
		.filter(
			({ method, path }) => method !== 'GET' && !(method === 'POST' && /\/(search|batch\/read|token)$/.test(path)),
		)
		.map(({ method, route }) => ({ who: 'HubSpot', what: `was written to: ${method} ${route}` }));
}

/** What the story came to, one line a chapter. */
export function storyTable({ chapters, differences, seconds, ok }: StoryReport): string {
	const lines = chapters.map(
		({ id, title, ok: good, seconds: took }) =>
			`  ${id}) ${good ? 'ok    ' : 'FAILED'} ${`${took.toFixed(1)} s`.padStart(7)}  ${title}`,
	);
	const rest = differences.map(({ who, what }) => `  ${who} ${what}`);
	const verdict = ok
		? `The story went as it should, in ${seconds.toFixed(0)} s; both sides agree on everybody, and nothing was written to HubSpot.`
		: 'The story did not go as it should.';
	return [...lines, '', verdict, ...rest].join('\n');
}

/** How to let such things happen by hand while everything stays up. */
export function tryByHand({ hubspot, brevo, page, list }: Stage['sandbox']): string {
	const emailOf = (member: number) => hubspot.store.contact(member).properties.email ?? '';
	const members = [...hubspot.store.list(list.id).members.ids()];
	const id = members.find((member) => brevo.store.owner('email', emailOf(member))) ?? 0;
	const post = (origin: string, body: object) =>
		`  curl -s ${origin}/_sandbox/do -H 'content-type: application/json' -d '${JSON.stringify(body)}'`;
	return [
		'Now it is your turn. The page has a button for each of these:',
		`  ${page.url}`,
		'or tell the stand-ins (sandbox/README.md has all operations):',
		post(hubspot.origin, { op: 'changeContact', id: String(id), properties: { firstname: 'Changed by hand' } }),
		post(hubspot.origin, { op: 'optOut', id: String(id) }),
		post(hubspot.origin, { op: 'removeFromList', list: list.id, ids: [String(id)] }),
		post(hubspot.origin, { op: 'archive', id: String(id) }),
		post(brevo.origin, { op: 'unsubscribe', email: emailOf(id) }),
	].join('\n');
}
