import type { Choice, FormerMember, SourceContact } from './expected';

/** What a source holds, straight from the stand-in's own store. */
export interface SourceTruth {
	/** Who should be on the destination list, with the texts of these fields. */
	members(fields: readonly string[]): SourceContact[];
	/** Who was a member and is none any more. */
	former(): FormerMember[];
	/** How many members there are. */
	size(): number;
	/** The key that the sync gives a record. */
	keyOf(id: string): string;
	/** Choices of a field that has any. Throws a DemoError for a field that does not exist. */
	choicesOf(field: string): readonly Choice[];
}
