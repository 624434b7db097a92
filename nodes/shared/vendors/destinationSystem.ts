import type { INodeCredentialDescription } from 'n8n-workflow';
import type { WantedFields } from '../../../core/calls/cache/definitionCache';
import type { SideCost } from '../../../core/firstSyncCost';
import type { DestinationField } from '../../../core/mapping/fields';
import type { NodeMapping } from '../../../core/mapping/mapping';
import type { Clock } from '../../../core/ports';
import type { Result } from '../../../core/result';
import type { SetUpFinding } from '../../../core/setUpFinding';
import type { Destination } from '../../../core/upsert/destination';

/** The list that a person picked: one that exists, or one found by its name. Ids are as typed, each system checks its own. */
export type PickedList =
	| { readonly id: string }
	| {
			readonly name: string;
			/** Where a list that does not exist yet is created. */
			readonly folderId?: string;
			/** False: a list that does not exist is not created (dry run, Check Set-Up). */
			readonly create: boolean;
	  };

/** An entry of a dropdown of lists or folders. */
export interface ListEntry {
	readonly name: string;
	readonly value: string;
	/** The vendor's page about it. */
	readonly url?: string;
}

/** A field that says which contact is meant. */
export interface Identifier {
	readonly field: string;
	readonly label: string;
}

/** What is known of a destination before it is asked anything. */
export interface DestinationKind {
	/** As messages and dropdowns call it. */
	readonly label: string;
	/** What it calls one of its fields. */
	readonly fieldNoun: string;
	/** What it calls the list that contacts are put on. */
	readonly listNoun: string;
	/** False: contacts can be synced without putting them on a list. */
	readonly needsList: boolean;
	/** Its edits may come back by another workflow: it is a source as well. */
	readonly bothWays: boolean;
	/** A contact needs one of them. */
	readonly identifiers: readonly Identifier[];
	/** Its credentials, each with the parameters by which a node shows it. */
	readonly credentials: readonly INodeCredentialDescription[];
}

/** A destination account, as far as the nodes ask for it. Nothing is sent before a method is called. */
export interface DestinationSystem extends DestinationKind {
	/** The credential that the node's parameters choose. */
	readonly credentialType: string;
	/** Its fields, see `DefinitionCache`. */
	fields(wanted?: WantedFields): Promise<Result<readonly DestinationField[]>>;
	/** All lists, for a dropdown. */
	lists(): Promise<Result<readonly ListEntry[]>>;
	/** All folders of lists, for a dropdown; none where there are no folders. */
	folders(): Promise<Result<readonly ListEntry[]>>;
	/** The active lists that can be an inclusion segment, for a dropdown; absent where there are none. */
	segments?(): Promise<Result<readonly ListEntry[]>>;
	/** Whether the list as picked can be one of this system's; asks nothing. */
	checkPickedList(list: PickedList): Result<PickedList>;
	/** Connects for one run, whose calls end once `signal` is aborted. */
	connect(signal?: AbortSignal): Promise<Result<ConnectedDestination>>;
	/** Looks at everything a sync needs and writes nothing. `list` is what is wrong with the setting, or the picked list. */
	checkSetUp(setUp: SetUpToCheck, signal?: AbortSignal): Promise<readonly SetUpFinding[]>;
	/** What writing new contacts with values in these fields costs, onto a list or none. */
	firstSyncCost(filled: readonly DestinationField[], withList: boolean): SideCost;
}

export interface SetUpToCheck {
	readonly list: Result<PickedList | undefined>;
	/** Opt-outs of the source are carried. */
	readonly carriesOptOuts: boolean;
	/** What the mapping nodes before it map. */
	readonly mappings: readonly NodeMapping[];
	/** Ms since 1970. */
	readonly now: number;
}

/** A destination account within one run. */
export interface ConnectedDestination {
	/** Names the account; batches of one account are written one after the other (see `exclusively`). */
	readonly account: string;
	/** Stops waiting when the execution is cancelled. */
	readonly clock: Clock;
	/** Checks list (undefined: none is filled) and fields before anything is written. Only within `exclusively(account)`. */
	open(list: PickedList | undefined, fieldNames: readonly string[]): Promise<Result<Destination>>;
	/**
	 * Ids of the records of a source (`system:account:object`) that the list holds contacts of; undefined when the list is too
	 * long to be read, or was just created.
	 */
	recordsOnList(listId: string | undefined, source: string): Promise<Result<readonly string[] | undefined>>;
}
