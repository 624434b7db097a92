import type { NodeContext } from './n8nHttp';

/**
 * Names the credential a node uses without its secret, for what is shared in one process: rate limiters and recently
 * read definitions. Nodes of one workflow or of several that use the same credential get the same key.
 */
export async function accountKey(context: NodeContext, credentialType: string): Promise<string> {
	const id = context.getNode().credentials?.[credentialType]?.id ?? 'unsaved';
	const { baseUrl } = await context.getCredentials<{ baseUrl?: string }>(credentialType);
	return `${credentialType}:${id}:${baseUrl ?? ''}`;
}
