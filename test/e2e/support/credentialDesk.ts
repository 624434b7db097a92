import type { E2e } from './startE2e';

export interface StoredCredential {
	readonly id: string;
	readonly name: string;
}

/** Credentials as the editor handles them. */
export class CredentialDesk {
	constructor(
		private readonly e2e: E2e,
		private readonly cookie: string,
	) {}

	/** The *Test* of a credential; of one that is stored with its id. */
	async test(
		type: string,
		data: Record<string, unknown>,
		stored: StoredCredential = { id: '', name: 'tried' },
	): Promise<{ status: string; message: string }> {
		return await this.post('/rest/credentials/test', { credentials: { ...stored, type, data } });
	}

	/** Saves a new one; the public API asks for every hidden field of OAuth2. */
	async store(name: string, type: string, data: Record<string, unknown>): Promise<StoredCredential> {
		const { id } = await this.post<{ id: string }>('/rest/credentials', { name, type, data });
		return { id, name };
	}

	/** What the editor shows of a stored one. */
	async shown({ id }: StoredCredential): Promise<Record<string, unknown>> {
		const path = `${this.e2e.n8n.url}/rest/credentials/${id}?includeData=true`;
		const reply = await fetch(path, { headers: { cookie: this.cookie, connection: 'close' } });
		return ((await reply.json()) as { data: { data: Record<string, unknown> } }).data.data;
	}

	/** What the button 'Sign in' does: n8n's link, the vendor's page, back to n8n with a code. Answers the link. */
	async signIn({ id }: StoredCredential, pageAt: (page: string) => string = (page) => page): Promise<string> {
		const headers = { cookie: this.cookie, connection: 'close' };
		const link = await fetch(`${this.e2e.n8n.url}/rest/oauth2-credential/auth?id=${id}`, { headers });
		const { data: page } = (await link.json()) as { data: string };
		// The stand-in plays that page too, and agrees at once.
		const agreed = await fetch(pageAt(page), { redirect: 'manual' });
		const back = agreed.headers.get('location') ?? '';
		expect(back).toContain('/rest/oauth2-credential/callback?');
		expect(await (await fetch(back, { headers })).text()).not.toMatch(/error/i);
		return page;
	}

	/** What a resource locator of a node offers; every such question is a call of the vendor. */
	async search(node: string, method: string, parameters: object, credentials: object): Promise<unknown> {
		return await this.post('/rest/dynamic-node-parameters/resource-locator-results', {
			path: 'parameters.any',
			nodeTypeAndVersion: { name: node, version: 1 },
			methodName: method,
			currentNodeParameters: parameters,
			credentials,
		});
	}

	private async post<T>(path: string, body: unknown): Promise<T> {
		const reply = await fetch(this.e2e.n8n.url + path, {
			method: 'POST',
			headers: { cookie: this.cookie, connection: 'close', 'content-type': 'application/json' },
			body: JSON.stringify(body),
		});
		const { data } = (await reply.json()) as { data: T };
		return data;
	}
}
