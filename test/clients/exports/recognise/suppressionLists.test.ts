import { mailchimp, readTexts, SUBSCRIBED } from '../reading';

describe('lists of addresses that are not mailed to, beside the file of subscribed contacts', () => {
	const beside = async (list: string): Promise<string> => {
		const { standings, result } = await readTexts({
			[SUBSCRIBED]: mailchimp('a@example.com', 'b@example.com', 'c@example.org'),
			'list.txt': list,
		});
		if (result.kind === 'unreadable') return result.reason;
		return ['a@example.com', 'b@example.com', 'c@example.org'].map((address) => standings[address]).join(' ');
	};

	it.each([
		['comments', '# of Monday\n# by ops@example.net\na@example.com\n#b@example.com\n', 'optedOut noConsent subscribed'],
		['all addresses in one line', 'a@example.com, b@example.com; c@example.org\n', 'optedOut optedOut optedOut'],
		['blanks between them', 'a@example.com b@example.com\n', 'optedOut optedOut subscribed'],
		['empty columns beside them', 'Email,\na@example.com,\nb@example.com,\n', 'optedOut optedOut subscribed'],
		['names before them', 'Ada <a@example.com>\nBob <b@example.com>\n', 'optedOut optedOut subscribed'],
		['numbers before them', '1. a@example.com\n2. b@example.com\n', 'optedOut optedOut subscribed'],
		['reasons behind them', 'a@example.com (bounced)\nb@example.com - unsubscribed\n', 'bounced optedOut subscribed'],
		['a domain', 'c@example.org\n*@example.com\n', 'noConsent noConsent optedOut'],
		['a domain alone', 'x@example.net\ny@example.net\n@example.com\n', 'noConsent noConsent subscribed'],
		[
			'a second column of addresses',
			'x@example.net,vip,a@example.com\ny@example.net,,\n',
			'noConsent subscribed subscribed',
		],
		[
			'circumflexes between cells',
			'Email^Status\na@example.com^unsubscribed\nb@example.com^x\n',
			'optedOut noConsent subscribed',
		],
		[
			'a header behind twelve comments',
			`${'# more\n'.repeat(12)}Email,Status\na@example.com,unsubscribed\n`,
			'optedOut subscribed subscribed',
		],
		[
			'words in a file of an unknown language',
			'Sähköposti,Tila\na@example.com,unsubscribed\n',
			'optedOut subscribed subscribed',
		],
	])('MG-23: with %s', async (_name, list, standings) => {
		expect(await beside(list)).toBe(standings);
	});

	it.each([
		[
			'hashes',
			{ 'list.txt': 'd41d8cd98f00b204e9800998ecf8427e\n0cc175b9c0f1b6a831c399e269772661\n' },
			/hashes in the place/,
		],
		[
			'hashes and addresses',
			{ 'list.txt': 'x@example.net\n0cc175b9c0f1b6a831c399e269772661\n' },
			/hashes in the place/,
		],
		[
			'hashes below a header',
			{ 'list.csv': `Email\n${'0cc175b9c0f1b6a831c399e269772661\n'.repeat(3)}` },
			/hashes in the place/,
		],
		[
			'long hashes',
			{ 'list.csv': `Email,Date\n${`${'0cc175b9c0f1b6a8'.repeat(8)},2024-01-01\n`.repeat(3)}` },
			/hashes in the place/,
		],
		[
			'hashes in letters of all kinds',
			{ 'list.csv': 'Email\nungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=\n' },
			/hashes in the place/,
		],
	])('MG-23: %s end the reading', async (_name, texts, reason) => {
		const { result, contacts } = await readTexts({ [SUBSCRIBED]: mailchimp('a@example.com'), ...texts });
		expect(result).toMatchObject({ kind: 'unreadable', reason: expect.stringMatching(reason) });
		expect(contacts).toEqual([]);
	});
});

describe('domains and masked addresses', () => {
	const SENT = mailchimp('a@x.com', 'b@sub.x.com', 'c@y.com');
	const standing = async (name: string, text: string): Promise<string> => {
		const { standings, refused } = await readTexts({ [SUBSCRIBED]: SENT, [name]: text });
		expect(refused).toHaveLength(1);
		return ['a@x.com', 'b@sub.x.com', 'c@y.com'].map((address) => standings[address]).join(' ');
	};

	it.each([
		['@x.com', 'noConsent subscribed subscribed'],
		['%@x.com', 'noConsent subscribed subscribed'],
		['domain: x.com', 'noConsent subscribed subscribed'],
		['https://www.x.com/', 'noConsent subscribed subscribed'],
		['^.*@x\\.com$', 'noConsent subscribed subscribed'],
		['*.x.com', 'noConsent noConsent subscribed'],
		['*@*.x.com', 'noConsent noConsent subscribed'],
		['.x.com', 'noConsent noConsent subscribed'],
		['*@sub.x.com', 'subscribed noConsent subscribed'],
		['a***@x.com', 'noConsent subscribed subscribed'],
		['a…@x.com', 'noConsent subscribed subscribed'],
	])('MG-23: %s leaves no contact of it subscribed, in any file of opt-outs', async (cell, expected) => {
		expect(await standing('list.csv', `Email\nz@example.org\n${cell}\n`)).toBe(expected);
		expect(await standing('unsubscribed.csv', `Email,Name\nz@example.org,Z\n${cell},D\n`)).toBe(expected);
		expect(await standing('a.csv', `Email,Email status\nz@example.org,Subscribed\n${cell},Unsubscribed\n`)).toBe(
			expected,
		);
	});

	it('MG-10: where they do not forbid they are refused, and nothing else', async () => {
		const text = 'Email,Email status\nz@example.org,Subscribed\nx.com,Subscribed\n';
		expect(await standing('a.csv', text)).toBe('subscribed subscribed subscribed');
		const masked = await readTexts({
			'a.csv': 'Email,Email status\nz@example.org,Subscribed\na***@x.com,Subscribed\n',
		});
		expect(masked.standings).toEqual({ 'z@example.org': 'subscribed' });
		expect(masked.refused).toEqual([expect.objectContaining({ line: 3, reason: expect.stringMatching(/masked/) })]);
	});
});

describe('a suppression file whose name is misspelt', () => {
	const TEXTS = { 'a.csv': 'Email,Name\na@example.com,Ada\n', 'leavers.csv': 'Email,Name\na@example.com,Ada\n' };

	it('MG-23: is told', async () => {
		const { result, standings } = await readTexts(TEXTS, { suppressionFiles: ['leaver-list'] });
		expect(standings).toEqual({ 'a@example.com': 'noConsent' });
		expect(result).toMatchObject({
			summary: { skipped: [{ file: 'leaver-list', reason: expect.stringMatching(/no file/) }] },
		});
	});

	it('MG-23: ends the reading where its contacts would be taken for subscribed', async () => {
		const settings = { suppressionFiles: ['leaver-list'], withoutStatus: 'subscribed' } as const;
		const { result, contacts } = await readTexts(TEXTS, settings);
		expect(result).toMatchObject({ kind: 'unreadable', file: 'leaver-list' });
		expect(contacts).toEqual([]);
	});
});
