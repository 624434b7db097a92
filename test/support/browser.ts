import { existsSync } from 'node:fs';
import { describeUnless } from './describeUnless';

const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/snap/bin/chromium'];

/** `CHROMIUM_PATH`, or where Debian and others put Chromium; undefined when there is none. */
export const findBrowser = (): string | undefined =>
	[process.env.CHROMIUM_PATH, ...BROWSERS].find((path) => path !== undefined && path !== '' && existsSync(path));

/** `describe`, or a skipped one with a plain message where no browser can be had. */
export function describeInBrowser(name: string, suite: () => void): void {
	const missing = 'Chromium is not installed (apt-get install chromium, or set CHROMIUM_PATH)';
	describeUnless(findBrowser() === undefined ? missing : undefined, name, suite);
}
