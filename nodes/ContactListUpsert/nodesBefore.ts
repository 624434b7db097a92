import type { IDataObject, IExecuteFunctions, NodeTypeAndVersion } from 'n8n-workflow';
import { idTextOf, isRecord, textOf } from '../../core/json';
import type { NodeMapping } from '../../core/mapping/mapping';
import type { Followed } from '../../core/readyPage';
import type { SetUpFinding } from '../../core/setUpFinding';
import { passed, problem, warned } from '../../core/setUpFinding';
import { mappedSourceFields, mergeRows, moreRows, tableRows } from '../shared/mapping/mappingRows';
import { handedOn } from '../shared/n8n/workflow/handedOn';
import { MAPPING_NODE, QUOTA_NODE, TRIGGER_NODE } from '../shared/n8n/workflow/ourNodes';
import { nameInLabel, sizeInLabel } from '../shared/records/listLabels';
import type { FollowedName } from '../shared/vendors/mappingSource';
import { n8nKeyFinding } from '../shared/quota/n8nKey';
import { waitsForRun } from '../shared/trigger/settings';
import { waitingTrouble } from '../shared/trigger/waitingNodes';

/** Output of Map Contact Fields with what it left out. */
const EXCLUDED = 1;

export interface NodesBefore {
	/** What the Map Contact Fields nodes before this one map. */
	readonly mappings: readonly NodeMapping[];
	/** What the triggers before this node follow, as far as the editor stored it. */
	readonly followed: readonly Followed[];
	/** The triggers before this node that begin with all contacts. */
	readonly beginning: readonly BeginningTrigger[];
	/** What the Map Contact Fields nodes before this one left out in this execution. */
	readonly excluded: readonly IDataObject[];
	/** What their settings, and those of triggers before this node, tell without asking a vendor. */
	readonly findings: readonly SetUpFinding[];
}

export interface BeginningTrigger {
	readonly source: FollowedName;
	/** Contacts it had when it was picked, where that is known. */
	readonly size?: number | undefined;
}

/** Reads the settings of the nodes that this one gets its contacts from; nodes that are switched off do not count. */
export function nodesBefore(context: IExecuteFunctions): NodesBefore {
	const nodes = context
		.getParentNodes(context.getNode().name, { includeNodeParameters: true })
		.filter(({ disabled }) => !disabled);
	const mapNodes = nodes.filter(({ type }) => MAPPING_NODE.test(type));
	const mapped = [...new Set(mapNodes.flatMap(({ parameters }) => mappedSourceFields(parameters)))];
	const mappings: NodeMapping[] = [];
	const findings: SetUpFinding[] = [];
	for (const { name, parameters = {} } of mapNodes) {
		const collection = parameters.moreMappings as { row?: unknown } | undefined;
		const more = moreRows(collection?.row);
		if (more.kind !== 'ok') findings.push(problem(`Mapping of '${name}'`, more, `Correct the row in '${name}'.`));
		else mappings.push({ node: name, rows: mergeRows(tableRows(parameters.mapping), more.value) });
	}
	if (mapNodes.length === 0) {
		findings.push(
			warned(
				'Mapping',
				'No Map Contact Fields node comes before this one, so no mapping could be checked',
				'Connect Map Contact Fields to this node, then check again; other nodes may send contacts too.',
			),
		);
	}
	const forgetful = nodes.find(({ type, parameters }) => TRIGGER_NODE.test(type) && !waitsForRun(parameters));
	for (const { name, type, parameters = {} } of nodes) {
		const trigger = TRIGGERS[TRIGGER_NODE.exec(type)?.[1] ?? ''];
		if (trigger) {
			findings.push(...checkTrigger(trigger, name, parameters, mapped));
			const trouble = waitingTrouble(context, name);
			if (trouble) findings.push(problem(`Nodes after '${name}'`, trouble));
		}
		if (QUOTA_NODE.test(type) && parameters.operation !== 'getUsage')
			findings.push(checkQuotaGuard(context, name, forgetful?.name), ...toArray(n8nKeyFinding(context, name)));
	}
	findings.push(...checkSameList(nodes));
	const followed = nodes.flatMap(({ type, parameters = {} }) => toArray(pickedList(type, parameters)));
	const itemsOf = handedOn(context);
	const excluded = mapNodes.flatMap(({ name }) => itemsOf(name, EXCLUDED));
	const beginning = nodes.flatMap(({ type, parameters = {} }) => toArray(beginningTrigger(type, parameters)));
	return { mappings, followed, beginning, excluded, findings };
}

const toArray = <T>(value: T | undefined): T[] => (value === undefined ? [] : [value]);

type Parameters = Readonly<Record<string, unknown>>;

/** What differs between our triggers in their settings. */
interface TriggerKind {
	readonly source: FollowedName;
	/** What is picked in this parameter, if anything has to be. */
	readonly picks: (parameters: Parameters) => { readonly parameter: string; readonly noun: string } | undefined;
	/** The parameter that says whether fields were picked, that which holds them, and how people see it. */
	readonly selection: string;
	readonly fields: string;
	readonly fieldsLabel: string;
}

const TRIGGERS: Readonly<Record<string, TriggerKind>> = {
	hubSpotListTrigger: {
		source: 'hubSpot',
		picks: () => ({ parameter: 'list', noun: 'list' }),
		selection: 'propertySelection',
		fields: 'properties',
		fieldsLabel: 'Property Names or IDs',
	},
	brevoContactTrigger: {
		source: 'brevo',
		picks: () => undefined,
		selection: 'attributeSelection',
		fields: 'attributes',
		fieldsLabel: 'Attribute Names or IDs',
	},
	salesforceContactTrigger: {
		source: 'salesforce',
		picks: ({ scope }) => SALESFORCE_PICKS[String(scope)],
		selection: 'fieldSelection',
		fields: 'fields',
		fieldsLabel: 'Field Names or IDs',
	},
};

const SALESFORCE_PICKS: Readonly<Record<string, { readonly parameter: string; readonly noun: string }>> = {
	listView: { parameter: 'listView', noun: 'list view' },
	campaign: { parameter: 'campaign', noun: 'campaign' },
};

function beginningTrigger(type: string, parameters: Parameters): BeginningTrigger | undefined {
	const source = TRIGGERS[TRIGGER_NODE.exec(type)?.[1] ?? '']?.source;
	if (source === undefined || parameters.firstSync === 'fromNow') return undefined;
	return { source, size: pickedList(type, parameters)?.size };
}

function pickedList(type: string, parameters: Parameters): Followed | undefined {
	const kind = TRIGGER_NODE.exec(type)?.[1] ?? '';
	const picked = TRIGGERS[kind]?.picks(parameters);
	const locator = picked && parameters[picked.parameter];
	const label = isRecord(locator) ? textOf(locator.cachedResultName) : '';
	if (label === '') return undefined;
	// Salesforce's are offered without a size.
	if (kind !== 'hubSpotListTrigger') return { name: label };
	const size = sizeInLabel(label);
	return { name: nameInLabel(label), ...(size === undefined ? {} : { size }) };
}

/** The trigger checks its credential, list and fields itself; its settings are worth naming here already. */
function checkTrigger(
	{ picks, selection, fields, fieldsLabel }: TriggerKind,
	name: string,
	parameters: Parameters,
	mapped: readonly string[],
): SetUpFinding[] {
	const check = `Trigger '${name}'`;
	if (parameters.consentConfirmed !== true) {
		const reason = `'Confirm Consent' is off in '${name}'`;
		return [problem(check, { kind: 'stop', code: 'CONSENT_NOT_CONFIRMED', reason })];
	}
	const picked = picks(parameters);
	if (picked && !(parameters[picked.parameter] as { value?: unknown } | undefined)?.value) {
		const reason = `No ${picked.noun} is picked in '${name}'`;
		return [problem(check, { kind: 'stop', code: 'NO_LIST_SELECTED', reason }, `Pick a ${picked.noun} in '${name}'.`)];
	}
	const read: unknown = parameters[fields];
	if (parameters[selection] === 'selected' && Array.isArray(read)) {
		const unread = mapped.filter((field) => !read.includes(field));
		if (unread.length > 0) {
			const message = `'${name}' does not read ${unread.join(', ')}, which a mapping uses`;
			return [warned(check, message, `Pick these in '${fieldsLabel}' of '${name}', or read 'Automatic'.`)];
		}
	}
	const settled = picked ? `Consent is confirmed and a ${picked.noun} is picked` : 'Consent is confirmed';
	return [
		passed(
			check,
			`${settled}. '${name}' checks its key, what it follows and its fields itself, when it is published or tested`,
		),
	];
}

/** Two triggers that follow the same list deliver its contacts twice, and a quota counts them twice. */
function checkSameList(nodes: readonly NodeTypeAndVersion[]): SetUpFinding[] {
	const byList = new Map<string, string[]>();
	for (const { name, type, parameters = {} } of nodes) {
		const kind = TRIGGER_NODE.exec(type)?.[1] ?? '';
		const parameter = TRIGGERS[kind]?.picks(parameters)?.parameter;
		const picked = parameter === undefined ? undefined : (parameters[parameter] as { value?: unknown } | undefined);
		const id = idTextOf(picked?.value);
		if (!id) continue;
		const list = [kind, parameter, id].join(':');
		byList.set(list, [...(byList.get(list) ?? []), name]);
	}
	return [...byList.values()].flatMap((names) =>
		names.length < 2
			? []
			: warned(
					'Triggers',
					`${names.map((name) => `'${name}'`).join(' and ')} follow the same list, so its contacts come twice, and a quota counts them twice`,
					'Keep one of them.',
				),
	);
}

const STOP_AND_ERROR = 'n8n-nodes-base.stopAndError';

/**
 * A contact over the quota is delivered again only if the run fails and the trigger waits for it. n8n does not tell which output a
 * node is connected to. `forgetful` names a trigger that does not wait.
 */
function checkQuotaGuard(context: IExecuteFunctions, name: string, forgetful: string | undefined): SetUpFinding {
	const check = `Quota Guard '${name}'`;
	if (forgetful !== undefined) {
		return warned(
			check,
			`'Wait for the Workflow' is off in '${forgetful}', so contacts over the quota count as delivered and do not come again`,
			`Switch 'Wait for the Workflow' on in '${forgetful}', unless you take care of these contacts yourself.`,
		);
	}
	if (context.getChildNodes(name).some(({ type, disabled }) => type === STOP_AND_ERROR && !disabled))
		return passed(check, `A Stop and Error node comes after '${name}', so contacts over the quota are delivered again`);
	return warned(
		check,
		`Nothing after '${name}' makes the run fail, so contacts over the quota would count as delivered`,
		"Connect its output 'Over Quota' to a Stop and Error node, unless you take care of these contacts yourself.",
	);
}
