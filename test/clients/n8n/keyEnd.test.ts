import { endsSoon, keyEndOf, keyEndText, refuseEndedKey } from '../../../clients/n8n/keyEnd';
import { keyEnding, keyWith } from '../../support/n8n/endingKey';

const DAY = 24 * 60 * 60_000;
const END = Date.UTC(2026, 11, 3, 10);
const ENDING = keyEnding(END);

describe("the day on which a key of n8n's API ends", () => {
	it('is read from the key', () => {
		expect(keyEndOf(ENDING)).toBe(END);
		expect(keyEndOf(` ${ENDING}\n`)).toBe(END);
	});

	it.each([
		['a key that never ends', keyWith({})],
		['no key', ''],
		['another kind of key', 'n8n_api_0123456789abcdef'],
		['a payload that is no JSON', 'a.b.c'],
		['a payload of another form', 'a.WzFd.c'],
		['an end that is no number', keyWith({ exp: 'soon' })],
		['an end beyond all calendars', keyWith({ exp: 1e20 })],
	])('is not known of %s', (_what, key) => {
		expect(keyEndOf(key)).toBeUndefined();
	});

	it('is told once it passed, with the way to a new one and without the key', () => {
		const refused = refuseEndedKey(END, END);
		expect(refused).toEqual({
			kind: 'stop',
			code: 'CREDENTIAL_INVALID',
			reason:
				"The n8n API key expired on 3 December 2026. Create a new one in n8n (Settings > n8n API, 'Expiration': 'Never') and paste it into 'API Key' of the credential",
		});
		expect(refuseEndedKey(END, END - 1)).toBeUndefined();
		expect(refuseEndedKey(undefined, END)).toBeUndefined();
	});

	it('is near enough to be warned about in the 14 days before', () => {
		expect(endsSoon(END, END - 14 * DAY)).toBe(true);
		expect(endsSoon(END, END - 14 * DAY - 1)).toBe(false);
	});

	it('is the day of the time zone that is asked for', () => {
		const late = Date.UTC(2026, 11, 3, 23, 30);
		expect(keyEndText(late, 'Europe/Berlin')).toBe(
			'The n8n API key expires on 4 December 2026; from then on the quota stops the sync',
		);
	});
});
