import type { ContactChange, FieldValue } from '../../../core/contact/contact';
import type { ChangeBatch } from '../../../core/polling/changeSource';
import { changedFieldsOf, printsOfFields, withEmitted } from '../../../core/polling/memory/emittedValues';
import { OPT_OUT_FIELD, STAMP_FIELD } from '../api/fields/recordFields';
import { packedId } from '../api/fields/recordIds';
import type { ContactCursor } from './contactCursor';

type Batch = ChangeBatch<ContactCursor>;

/**
 * The batch with the fields that changed since each record was emitted before, as far as that is remembered: Salesforce does not tell, and
 * its history of fields is only kept for those that an administrator picks, twenty an object. Told of changes alone: a record that is new,
 * comes back, or had others merged into it is written with all of its values.
 */
export function withChangedFields(batch: Batch, before: ContactCursor, wanted: readonly string[]): Batch {
	const fields = [...new Set([...wanted, OPT_OUT_FIELD])];
	const known = before.prints && printsOfFields(before.prints, fields);
	const changes = batch.changes.map((change) => {
		if (change.change !== 'updated' || change.mergedFrom || change.convertedTo) return change;
		const changed = changedFieldsOf(known, emitted(change), fields);
		// The stamp moved in any case.
		return changed ? { ...change, changedFields: changed.length > 0 ? changed : [STAMP_FIELD] } : change;
	});
	const staying = changes.filter(({ change }) => change !== 'removed' && change !== 'deleted');
	const next = { ...batch.next, prints: withEmitted(known, staying.map(emitted), fields) };
	return { ...batch, changes, next };
}

const emitted = ({ source, fields, optedOut }: ContactChange) => ({
	id: packedId(source.id),
	values: { ...fields, [OPT_OUT_FIELD]: optedOut } as Readonly<Record<string, FieldValue>>,
});
