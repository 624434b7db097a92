import type { IExecuteFunctions } from 'n8n-workflow';
import type { MappedContact } from '../../core/contact/contact';
import type { ContactResult } from '../../core/upsert/contactResult';

/**
 * n8n keeps 10 pairs of text with an execution, for all nodes together; more are dropped without a word. A value may have
 * 255 characters (docs.n8n.io, Customize executions data; n8n cuts at 512 and complains in its log above 255).
 */
const PAIRS = 10;
const LONGEST_VALUE = 255;
/** Most pairs this node takes, and how many stay free for nodes that come later. */
const MOST_PAIRS = 6;
const LEFT_FREE = 2;

/** The totals of the run, and the keys of its contacts; more keys follow in `contactSyncKeys2` and so on. */
const TOTALS_NAME = 'contactSync';
const KEYS_NAME = 'contactSyncKeys';

/**
 * Stores the totals and as many keys as there is room for with the execution, so that it can be found by a contact. Those
 * that were not synced come first, then those that changed.
 */
export function saveExecutionData(
	context: IExecuteFunctions,
	contacts: ReadonlyArray<MappedContact | undefined>,
	results: readonly ContactResult[],
	totals: string,
): void {
	const keys = contacts
		.flatMap((contact, index) => (contact ? [{ key: contact.key, order: orderOf(results[index]) }] : []))
		.sort((a, b) => a.order - b.order)
		.map(({ key }) => key);
	try {
		const data = context.customData;
		const { pairs } = packKeys(keys, totals, data.getAll());
		for (const [name, value] of Object.entries(pairs)) data.set(name, value);
	} catch {
		// A run is not to fail for want of a place to note it down.
	}
}

function orderOf(result: ContactResult | undefined): number {
	const { status, wouldBe = status } = result?.outcome ?? { status: 'failed' };
	if (wouldBe === 'failed' || wouldBe === 'excluded') return 0;
	return wouldBe === 'unchanged' ? 2 : 1;
}

/**
 * The pairs to set, given those the execution has (from other nodes, or from an earlier run of this one in a loop, which is
 * carried on). Whole keys while all of them fit, else only their ends with the record's id: `:12345`. Each is followed by a
 * comma, so that a search for `:12345,` finds this record and no longer number. Keys with an address in them are left out.
 */
export function packKeys(
	keys: readonly string[],
	totals: string,
	existing: Readonly<Record<string, string>>,
): { pairs: Record<string, string>; saved: number } {
	const names = Object.keys(existing);
	const foreign = names.filter((name) => !isOurs(name)).length;
	const own = Math.max(0, Math.min(MOST_PAIRS, PAIRS - LEFT_FREE - foreign));
	if (own === 0) return { pairs: {}, saved: 0 };
	const before = existing[TOTALS_NAME];
	const told = (before === undefined ? totals : `${before} | ${totals}`).slice(0, LONGEST_VALUE);
	const slots = Array.from({ length: own - 1 }, (_none, index): [string, string] => {
		const name = index === 0 ? KEYS_NAME : `${KEYS_NAME}${index + 1}`;
		return [name, existing[name] ?? ','];
	});
	const storable = keys.filter((key) => !key.includes('@') && key.length + 2 <= LONGEST_VALUE);
	const whole = fill(slots, storable);
	const filled = whole.saved === storable.length ? whole : fill(slots, storable.map(endOf));
	return { pairs: { [TOTALS_NAME]: told, ...filled.pairs }, saved: filled.saved };
}

function fill(
	slots: ReadonlyArray<readonly [name: string, value: string]>,
	texts: readonly string[],
): { pairs: Record<string, string>; saved: number } {
	const pairs: Record<string, string> = {};
	let saved = 0;
	for (const [name, value] of slots) {
		let filled = value;
		for (let text = texts[saved]; text !== undefined; text = texts[saved]) {
			if (filled.length + text.length + 1 > LONGEST_VALUE) break;
			filled += `${text},`;
			saved += 1;
		}
		if (filled !== value) pairs[name] = filled;
	}
	return { pairs, saved };
}

const isOurs = (name: string): boolean => name === TOTALS_NAME || name.startsWith(KEYS_NAME);

const endOf = (key: string): string => key.slice(Math.max(0, key.lastIndexOf(':')));
