import 'reflect-metadata';
import { ExecutionLifecycleHooks, LoadOptionsContext, PollContext, WorkflowExecute } from 'n8n-core';
import type {
	IConnections,
	ICredentialDataDecryptedObject,
	ICredentialType,
	IDataObject,
	IHttpRequestHelper,
	IHttpRequestOptions,
	INode,
	INodeExecutionData,
	INodeType,
	INodeTypeDescription,
	INodeTypes,
	IRun,
	IWorkflowExecuteAdditionalData,
	WorkflowActivateMode,
} from 'n8n-workflow';
import { createRunExecutionData, NodeConnectionTypes, NodeHelpers, Workflow } from 'n8n-workflow';

/**
 * n8n's own engine inside the test process: real parameters, expressions, credentials, HTTP requests and item linking.
 * What it leaves out (saving static data, activation, n8n's retries) is for the end-to-end tests.
 */

export type NodeTypeMap = Readonly<Record<string, INodeType>>;
/** Changed in place where n8n would store something: a new session, a renewed token. */
export type CredentialValues = Readonly<Record<string, ICredentialDataDecryptedObject>>;

/** The package's own credential classes, loaded when a test uses them. */
const CREDENTIAL_TYPES: Readonly<Record<string, () => Promise<ICredentialType>>> = {
	contactSyncBrevoApi: async () =>
		new (await import('../../../credentials/ContactSyncBrevoApi.credentials')).ContactSyncBrevoApi(),
	contactSyncN8nApi: async () =>
		new (await import('../../../credentials/ContactSyncN8nApi.credentials')).ContactSyncN8nApi(),
	contactSyncHubSpotApi: async () =>
		new (await import('../../../credentials/ContactSyncHubSpotApi.credentials')).ContactSyncHubSpotApi(),
	contactSyncSalesforceJwtApi: async () =>
		new (await import('../../../credentials/ContactSyncSalesforceJwtApi.credentials')).ContactSyncSalesforceJwtApi(),
	contactSyncSalesforceClientCredentialsApi: async () =>
		new (
			await import('../../../credentials/ContactSyncSalesforceClientCredentialsApi.credentials')
		).ContactSyncSalesforceClientCredentialsApi(),
};

/** Passes the test's items on. */
class StartNode implements INodeType {
	description: INodeTypeDescription = {
		displayName: 'Start',
		name: 'start',
		group: ['trigger'],
		description: 'Passes the items of the test on',
		version: 1,
		defaults: { name: 'Start' },
		inputs: [],
		outputs: [NodeConnectionTypes.Main],
		properties: [],
	};

	async execute(this: { getInputData(): INodeExecutionData[] }): Promise<INodeExecutionData[][]> {
		return [this.getInputData()];
	}
}

export const START_TYPE = 'test.start';

/** A node of a test workflow. Credentials are named, so that `getCredentials` finds them. */
export function testNode(
	name: string,
	type: string,
	parameters: INode['parameters'],
	credentialTypes: string[] = [],
): INode {
	const credentials = Object.fromEntries(
		credentialTypes.map((credentialType) => [credentialType, { id: `${credentialType}-1`, name: credentialType }]),
	);
	return { id: name, name, type, typeVersion: 1, position: [0, 0], parameters, credentials };
}

function nodeTypesOf(types: NodeTypeMap): INodeTypes {
	const all: Record<string, INodeType> = { [START_TYPE]: new StartNode(), ...types };
	const find = (type: string): INodeType => {
		const found = all[type];
		if (!found) throw new Error(`the test knows no node type ${type}`);
		return found;
	};
	return {
		getByName: find,
		getByNameAndVersion: (type, version) => NodeHelpers.getVersionedNodeType(find(type), version),
		getKnownTypes: () => ({}),
	};
}

function additionalData(credentials: CredentialValues, executionId = '1'): IWorkflowExecuteAdditionalData {
	return {
		executionId,
		userId: 'test',
		variables: {},
		currentNodeParameters: undefined,
		restApiUrl: 'http://localhost/rest',
		instanceBaseUrl: 'http://localhost/',
		formWaitingBaseUrl: 'http://localhost/form-waiting',
		webhookBaseUrl: 'http://localhost/webhook',
		webhookWaitingBaseUrl: 'http://localhost/webhook-waiting',
		webhookTestBaseUrl: 'http://localhost/webhook-test',
		setExecutionStatus() {},
		sendDataToUI() {},
		logAiEvent() {},
		credentialsHelper: {
			getParentTypes: (name: string) => (name.endsWith('OAuth2Api') ? ['oAuth2Api'] : []),
			getCredentialsProperties: () => [],
			updateCredentials: async () => {},
			updateCredentialsOauthTokenData: async (_node: unknown, type: string, data: ICredentialDataDecryptedObject) => {
				Object.assign(credentials[type] ?? {}, { oauthTokenData: data.oauthTokenData });
			},
			runPreAuthentication: async () => undefined,
			isCredentialUsedInWorkflow: () => true,
			isCredentialUsableByNode: () => true,
			// As n8n's own: signs in where the expirable field is empty or a call was answered with 401, and stores the answer.
			preAuthentication: async (
				helpers: IHttpRequestHelper,
				values: ICredentialDataDecryptedObject,
				type: string,
				_node: INode,
				expired: boolean,
			) => {
				const credentialType = await CREDENTIAL_TYPES[type]?.();
				const expirable = credentialType?.properties.find(({ typeOptions }) => typeOptions?.expirable === true)?.name;
				if (expirable === undefined || !(expired || values[expirable] === '')) return undefined;
				const output = await credentialType?.preAuthentication?.call(helpers, values);
				if (output?.[expirable] === undefined) return undefined;
				Object.assign(credentials[type] ?? {}, output);
				return Object.assign(values, output);
			},
			getDecrypted: async (_data: unknown, _node: unknown, type: string) => {
				const values = credentials[type];
				if (!values) throw new Error(`the test gave no credential ${type}`);
				const properties = (await CREDENTIAL_TYPES[type]?.())?.properties ?? [];
				return { ...Object.fromEntries(properties.map((one) => [one.name, one.default])), ...values };
			},
			authenticate: async (values: ICredentialDataDecryptedObject, type: string, options: IHttpRequestOptions) => {
				const { authenticate } = (await CREDENTIAL_TYPES[type]?.()) ?? {};
				if (typeof authenticate === 'function') return await authenticate(values, options);
				throw new Error(`the test cannot authenticate with ${type}`);
			},
		},
	} as unknown as IWorkflowExecuteAdditionalData;
}

export interface RunOptions {
	readonly types: NodeTypeMap;
	readonly credentials?: CredentialValues;
	/** Items the first node passes on. */
	readonly input?: readonly IDataObject[];
	readonly mode?: 'manual' | 'trigger' | 'retry';
	readonly timezone?: string;
	/** n8n's id of the execution. */
	readonly executionId?: string;
	/** As n8n sets it in new workflows; nodes with several inputs run as they do there only with it. */
	readonly executionOrder?: 'v1';
}

export interface RunResult {
	readonly run: IRun;
	readonly error: { readonly name: string; readonly message: string; readonly description?: string } | undefined;
	/** The items a node put on one of its outputs. */
	items(nodeName: string, output?: number): INodeExecutionData[];
	json(nodeName: string, output?: number): IDataObject[];
	/** Hints that nodes showed after the run. */
	readonly hints: readonly string[];
}

/** Runs Start → the given nodes, each connected to the next by its first output. */
export async function runNodes(nodes: readonly INode[], options: RunOptions): Promise<RunResult> {
	const all = [testNode('Start', START_TYPE, {}), ...nodes];
	const connections: IConnections = {};
	for (const [index, node] of all.entries()) {
		const next = all[index + 1];
		if (next) connections[node.name] = { main: [[{ node: next.name, type: NodeConnectionTypes.Main, index: 0 }]] };
	}
	return await runWorkflow({ nodes: all, connections }, options);
}

/** Runs a whole workflow from its first node. */
export async function runWorkflow(
	definition: { nodes: INode[]; connections: IConnections },
	{ types, credentials = {}, input = [{}], mode = 'manual', timezone = 'UTC', executionId, executionOrder }: RunOptions,
): Promise<RunResult> {
	const workflow = new Workflow({
		id: 'test',
		name: 'test',
		...definition,
		active: false,
		nodeTypes: nodeTypesOf(types),
		settings: { timezone, ...(executionOrder ? { executionOrder } : {}) },
	});
	const additional = additionalData(credentials, executionId);
	additional.hooks = new ExecutionLifecycleHooks(mode, '1', {
		id: 'test',
		name: 'test',
		active: false,
		isArchived: false,
		createdAt: new Date(),
		updatedAt: new Date(),
		activeVersionId: null,
		...definition,
	});
	const first = definition.nodes[0];
	if (!first) throw new Error('a workflow needs a node');
	const data = createRunExecutionData({
		executionData: {
			nodeExecutionStack: [{ node: first, data: { main: [input.map((json) => ({ json }))] }, source: null }],
		},
	});
	const run = await new WorkflowExecute(additional, mode, data).processRunExecutionData(workflow);
	const result = run.data.resultData;
	const items = (nodeName: string, output = 0): INodeExecutionData[] =>
		result.runData[nodeName]?.at(-1)?.data?.main?.[output] ?? [];
	return {
		run,
		error: result.error as RunResult['error'],
		items,
		json: (nodeName, output) => items(nodeName, output).map((item) => item.json),
		hints: Object.values(result.runData).flatMap((runs) =>
			runs.flatMap((task) => (task.hints ?? []).map((hint) => hint.message)),
		),
	};
}

export interface PollOptions {
	readonly types: NodeTypeMap;
	readonly credentials?: CredentialValues;
	readonly mode?: 'trigger' | 'manual';
	readonly activation?: WorkflowActivateMode;
	/** Kept and changed in place, as a running n8n does: pass the same object again for the next poll. */
	readonly staticData?: IDataObject;
	/** Further nodes of the workflow, each connected to the one before, starting at the trigger. */
	readonly downstream?: readonly INode[];
	/** What the execution started by an emission does; it succeeds when nothing is given. */
	readonly onEmit?: (items: INodeExecutionData[]) => Promise<'success' | 'error'> | 'success' | 'error';
	readonly budgetMs?: number;
	readonly workflowId?: string;
}

export interface PollOutcome {
	/** What `poll()` returned. */
	readonly returned: INodeExecutionData[][] | null;
	/** The items of each emission. */
	readonly emitted: INodeExecutionData[][];
	/** Errors the node reported by `__emitError`. */
	readonly emittedErrors: Error[];
	/** Warnings in n8n's log. */
	readonly warnings: string[];
	readonly staticData: IDataObject;
}

/** One poll of a trigger in n8n's real poll context. */
export async function runPoll(node: INode, options: PollOptions): Promise<PollOutcome> {
	const {
		types,
		credentials = {},
		mode = 'trigger',
		activation = 'activate',
		staticData = {},
		downstream = [],
	} = options;
	const nodes = [node, ...downstream];
	const connections: IConnections = {};
	for (const [index, from] of nodes.entries()) {
		const next = nodes[index + 1];
		if (next) connections[from.name] = { main: [[{ node: next.name, type: NodeConnectionTypes.Main, index: 0 }]] };
	}
	const workflow = new Workflow({
		id: options.workflowId ?? 'test',
		name: 'test',
		nodes,
		connections,
		active: true,
		nodeTypes: nodeTypesOf(types),
		settings: {},
		staticData,
	});
	const emitted: INodeExecutionData[][] = [];
	const emittedErrors: Error[] = [];
	const emit = (
		data: INodeExecutionData[][],
		_response?: unknown,
		done?: { resolve(run: IRun | undefined): void; reject(error: Error): void },
	): void => {
		const items = data[0] ?? [];
		emitted.push(items);
		void Promise.resolve(options.onEmit?.(items) ?? 'success').then(
			(status) =>
				done?.resolve({
					status,
					finished: status === 'success',
					data: { resultData: { runData: {} } },
				} as unknown as IRun),
			(error: Error) => done?.reject(error),
		);
	};
	const manual = mode === 'manual';
	const context = new PollContext(
		workflow,
		node,
		additionalData(credentials),
		mode,
		manual ? 'manual' : activation,
		manual ? undefined : emit,
		manual ? undefined : (error) => void emittedErrors.push(error),
		undefined,
		undefined,
		undefined,
		options.budgetMs === undefined ? undefined : () => options.budgetMs as number,
	);
	// n8n's real one would tick on after the test.
	Object.assign(context.helpers, { registerCron: () => false });
	const warnings: string[] = [];
	const quiet = (): void => undefined;
	const logger = { debug: quiet, info: quiet, warn: (line: string) => void warnings.push(line), error: quiet };
	Object.defineProperty(context, 'logger', { value: logger });
	const type = workflow.nodeTypes.getByNameAndVersion(node.type, node.typeVersion);
	if (!type.poll) throw new Error(`${node.type} is no polling trigger`);
	const returned = await type.poll.call(context);
	return { returned, emitted, emittedErrors, warnings, staticData: workflow.staticData };
}

/** Calls one of a node's design-time methods (`listSearch`, `loadOptions`, `resourceMapping`) as the editor does. */
export async function callMethod(
	node: INode,
	kind: 'listSearch' | 'loadOptions' | 'resourceMapping',
	name: string,
	options: { types: NodeTypeMap; credentials?: CredentialValues; args?: readonly unknown[] },
): Promise<unknown> {
	const nodeTypes = nodeTypesOf(options.types);
	const workflow = new Workflow({ nodes: [node], connections: {}, active: false, nodeTypes });
	const method = nodeTypes.getByNameAndVersion(node.type, node.typeVersion).methods?.[kind]?.[name] as
		((this: LoadOptionsContext, ...args: unknown[]) => Promise<unknown>) | undefined;
	if (!method) throw new Error(`${node.type} has no ${kind} method ${name}`);
	const additional = additionalData(options.credentials ?? {});
	additional.currentNodeParameters = node.parameters;
	return await method.call(new LoadOptionsContext(workflow, node, additional, ''), ...(options.args ?? []));
}
