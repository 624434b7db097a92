import type { ListMembers } from './lists/listMembers';

/** One value a property had. `''` = it was cleared. */
export interface Version {
	readonly value: string;
	/** ms since 1970. */
	readonly at: number;
	readonly sourceType: string;
	readonly sourceId?: string;
}

/** A contact; instants are ms since 1970. `properties` is replaced, never changed in place, so that it can be kept. */
export interface Contact {
	readonly id: number;
	readonly createdAt: number;
	updatedAt: number;
	/** Stored values by property name; empty ones are absent. Computed ones (`hs_object_id`, dates) are not in here. */
	properties: Readonly<Record<string, string>>;
	/** Newest first, only for properties that changed since the contact was made; the others have one version of `createdAt`. */
	history?: Record<string, Version[]>;
	archivedAt?: number;
	/** The record this one was merged into. */
	mergedInto?: number;
}

/** `ADHOC`: made for one use only; it is listed, but its members are told to no caller. */
export type ProcessingType = 'MANUAL' | 'DYNAMIC' | 'SNAPSHOT' | 'ADHOC';
export type ProcessingStatus = 'COMPLETE' | 'PROCESSING' | 'PAUSED';

/** A list ("segment") of contacts. */
export interface ContactList {
	readonly id: number;
	name: string;
	processingType: ProcessingType;
	processingStatus: ProcessingStatus;
	listVersion: number;
	readonly createdAt: number;
	updatedAt: number;
	filtersUpdatedAt?: number;
	deletedAt?: number;
	filterBranch?: unknown;
	readonly members: ListMembers;
}

export interface PropertyOption {
	readonly label: string;
	readonly value: string;
	readonly displayOrder: number;
	readonly hidden: boolean;
}

export type PropertyType = 'string' | 'number' | 'date' | 'datetime' | 'enumeration' | 'bool' | 'phone_number';

export interface PropertyDefinition {
	readonly name: string;
	label: string;
	readonly type: PropertyType;
	readonly fieldType: string;
	readonly groupName: string;
	readonly description: string;
	options: PropertyOption[];
	readonly displayOrder: number;
	readonly hubspotDefined: boolean;
	readonly hidden: boolean;
	readonly calculated: boolean;
	readonly calculationFormula?: string;
	readonly externalOptions: boolean;
	readonly hasUniqueValue: boolean;
	readonly formField: boolean;
	readonly readOnlyValue: boolean;
	readonly createdAt: number;
	archivedAt?: number;
}
