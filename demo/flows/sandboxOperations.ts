import { DemoError } from '../demoError';

/** Lets something happen at a stand-in, as its page does. `origin`: where the stand-in answers. */
export async function operate(origin: string, op: string, args: Readonly<Record<string, unknown>>): Promise<void> {
	await post(`${origin}/_sandbox/do`, '', { op, ...args });
}

/** A call with a key, such as one that makes a field. Throws a DemoError when it is refused. */
export async function post(url: string, token: string, body: object): Promise<void> {
	const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}` };
	const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
	if (!answer.ok) throw new DemoError(`${new URL(url).pathname} was refused (${answer.status})`, await answer.text());
}
