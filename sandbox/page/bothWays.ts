import { type Comparison, differences, judged, type Row, sideOf } from './comparison';
import type { Person, Source, SourceRecord } from './sources/source';

/**
 * Two systems that are synced both ways: each record with how it stands beside the one it is linked to on the other side, or that has
 * its address. A record may stand alone and be fine: an inclusion segment leaves contacts outside of it so.
 */
export function compareBothWays(source: Source, target: Source, limit: number): Comparison {
	const rows = (of: Source, other: Source): Row[] =>
		of.newest(limit).map(({ id, person }) => ({ id, ...person, ...standing(of, other, person, twinOf(of, other, id, person)) })); // prettier-ignore
	return { source: sideOf(source, rows(source, target)), target: sideOf(target, rows(target, source)), former: [] };
}

/** By the key on either side, then by address, as the upsert does. */
function twinOf(of: Source, other: Source, id: string, { email }: Person): SourceRecord | undefined {
	return other.linkedTo(of.keyOf(id)) ?? other.find(of.linkOf(id), email ?? undefined);
}

function standing(
	{ system }: Source,
	{ system: otherSystem }: Source,
	person: Person,
	twin: SourceRecord | undefined,
): Pick<Row, 'match' | 'why'> {
	if (twin === undefined) return { match: 'missing', why: `not in ${otherSystem}` };
	if (twin.how !== undefined && twin.how !== 'left') return { match: 'missing', why: `${twin.how} in ${otherSystem}` };
	const words = differences(person, twin.person);
	if (person.blocked && !twin.person.blocked) words.push(`opted out in ${system}, mailable in ${otherSystem}`);
	return judged(words);
}
