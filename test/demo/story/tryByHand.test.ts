import { startSandbox } from '../../../sandbox/startSandbox';
import { tryByHand } from '../../../demo/story/storyReport';

describe('tryByHand', () => {
	it('names the page and calls that do what they say', async () => {
		const sandbox = await startSandbox({ members: 60 });
		try {
			const text = tryByHand(sandbox);
			expect(text).toContain(sandbox.page.url);
			const calls = [...text.matchAll(/curl -s (\S+) .* -d '(.*)'$/gm)];
			const statuses = [];
			for (const [, url = '', body = ''] of calls) {
				const headers = { 'content-type': 'application/json' };
				statuses.push((await fetch(url, { method: 'POST', headers, body })).status);
			}
			expect(statuses).toEqual([200, 200, 200, 200, 200]);
			expect(sandbox.hubspot.store.list('101').members.size).toBe(59);
		} finally {
			await sandbox.close();
		}
	});
});
