import type { Endpoint } from '../../job';

/** What the script is to do: all members of a list, or those that joined or changed since an instant. */
export interface ScriptJob {
	readonly hubspot: Endpoint;
	readonly brevo: Endpoint;
	readonly sourceListId: string;
	readonly destinationListId: number;
	readonly since?: string;
	/** Whether the vendors limit the rate of calls. */
	readonly isLimited: boolean;
}

/** What it cost, from when everything is loaded to the end of the last import. */
export interface ScriptDone {
	readonly seconds: number;
	readonly peakMb: number;
	readonly cpuSeconds: number;
}
