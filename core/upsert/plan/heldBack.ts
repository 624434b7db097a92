import type { ReasonCode } from '../../outcome';
import { adviceFor, isReasonCode, withAdvice } from '../../outcome';
import type { ContactResult } from '../contactResult';
import { result } from '../contactResult';
import type { Destination, HeldContact } from '../destination';
import type { Warning } from '../../contact/contact';
import type { Intent } from './collapse';

/**
 * - `upsert`: contacts are created and updated
 * - `updateOnly`: none is created, so that a mistyped address makes no contact (S22)
 * - `createOnly`: those that exist stay as they are
 * - `optOutsOnly`: contacts that exist are blocked where they opted out at the source, and nothing else of them is written
 */
export type WriteMode = 'upsert' | 'updateOnly' | 'createOnly' | 'optOutsOnly';

const MODES: readonly WriteMode[] = ['updateOnly', 'createOnly', 'optOutsOnly'];

/** The mode that a setting names; a word that is not known is `upsert`. */
export const toWriteMode = (mode: unknown): WriteMode => MODES.find((known) => known === mode) ?? 'upsert';

/** Whether a mode creates contacts. */
export const creates = (mode: WriteMode | undefined): boolean => mode !== 'updateOnly' && mode !== 'optOutsOnly';

/**
 * Why nothing of a contact is written but its opt-out, which always passes; undefined when all of it is.
 *
 * | the destination | what holds it back | result |
 * | --- | --- | --- |
 * | does not hold the contact | mode `optOutsOnly` | unchanged, NOT_IN_DESTINATION |
 * | does not hold the contact | mode `updateOnly` | excluded, UPDATE_ONLY |
 * | does not hold the contact | an inclusion segment that takes no new contacts (IS-08) | excluded, OUTSIDE_SEGMENT |
 * | does not hold the contact | a field without which none is created (S25) | excluded, REQUIRED_FIELD_MISSING |
 * | does not hold the contact | a value of such a field that cannot be used, as one that is too long | excluded, REQUIRED_VALUE_UNUSABLE |
 * | holds it | mode `createOnly` | unchanged, CREATE_ONLY |
 * | holds it | mode `optOutsOnly` | unchanged, OPT_OUTS_ONLY where there was none to carry |
 * | holds it | it is no member of the inclusion segment (IS-09) | excluded, OUTSIDE_SEGMENT |
 */
export function heldBack(
	intent: Intent,
	held: HeldContact | undefined,
	destination: Destination,
	mode: WriteMode = 'upsert',
): ContactResult | undefined {
	if (held) {
		if (mode === 'optOutsOnly') return unwritten(held, intent.optedOut === true ? undefined : 'OPT_OUTS_ONLY');
		if (mode === 'createOnly') return withId(result('unchanged', 'CREATE_ONLY'), held);
		return held.outsideSegment ? withId(result('excluded', 'OUTSIDE_SEGMENT'), held) : undefined;
	}
	if (mode === 'optOutsOnly') return result('unchanged', 'NOT_IN_DESTINATION');
	if (mode === 'updateOnly') return result('excluded', 'UPDATE_ONLY');
	if (destination.newOutsideSegment === 'hold') return result('excluded', 'OUTSIDE_SEGMENT');
	return withoutRequired(intent, destination);
}

/** No value, or one that stands for none. */
export const isEmpty = (value: unknown): boolean =>
	value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);

/** A contact that needs no write, with the reason where there is one worth telling. */
export const unwritten = (held: HeldContact, code: ReasonCode | undefined): ContactResult =>
	withId(code === undefined ? { outcome: { status: 'unchanged' }, warnings: [] } : result('unchanged', code), held);

const withId = ({ outcome, warnings }: ContactResult, { id }: HeldContact): ContactResult => ({
	outcome: { ...outcome, destinationId: id },
	warnings,
});

/** A new contact that lacks what none may be without: what is wrong with each such field stands in front of what to do. */
function withoutRequired({ contact, unusable }: Intent, destination: Destination): ContactResult | undefined {
	const { required = [] } = destination;
	if (required.length === 0) return undefined;
	const { attributes, warnings } = destination.fit?.(contact.attributes, undefined) ?? { ...contact, warnings: [] };
	const missing = required.filter(({ name }) => isEmpty(attributes[name]));
	if (missing.length === 0) return undefined;
	const told = [...warnings, ...unusable];
	const whyNot = (name: string): string | undefined => {
		const found = told.find(({ field }) => field === name);
		return found && eventIn(found);
	};
	const events = missing.flatMap(({ name }) => whyNot(name) ?? []);
	const labels = missing.filter(({ name }) => whyNot(name) === undefined).map(({ label }) => label);
	if (labels.length > 0) events.push(`${labels.join(' and ')} ${labels.length > 1 ? 'are' : 'is'} empty`);
	const code: ReasonCode = labels.length > 0 ? 'REQUIRED_FIELD_MISSING' : 'REQUIRED_VALUE_UNUSABLE';
	return { outcome: { status: 'excluded', code, message: withAdvice(events.join('. '), code) }, warnings: [] };
}

/** What a warning says happened, without what to do: that the contact was sent would be wrong here. */
const eventIn = ({ code, message }: Warning): string =>
	(isReasonCode(code) ? message.replace(adviceFor(code), '') : message).trim().replace(/\.$/, '');
