/** Where the repository is, for the links of the changelog. */
const REPOSITORY = 'https://github.com/n8n-nodes-contact-sync/n8n-nodes-contact-sync';

/**
 * The changelog with what stands under *Unreleased* as a version of its own, dated and linked.
 * Throws when nothing stands there, when the version is not higher than the last one, or when it is none.
 */
export function withNewVersion(changelog: string, version: string, date: string): string {
	const last = /^## \[(\d+\.\d+\.\d+)\]/m.exec(changelog)?.[1];
	if (!/^\d+\.\d+\.\d+$/.test(version) || (last !== undefined && !isHigher(version, last)))
		throw new Error(`${version} is no version above ${last ?? 'none'}.`);
	const [, unreleased = ''] = /^## \[Unreleased\]\n([\s\S]*?)(?=^## \[|^\[Unreleased\]:)/m.exec(changelog) ?? [];
	if (!/^- /m.test(unreleased)) throw new Error('Nothing stands under "Unreleased" in CHANGELOG.md.');
	const before = last === undefined ? '' : `v${last}...`;
	return changelog
		.replace(/^## \[Unreleased\]\n/m, `## [Unreleased]\n\n## [${version}] - ${date}\n`)
		.replace(
			/^\[Unreleased\]:.*$/m,
			`[Unreleased]: ${REPOSITORY}/compare/v${version}...HEAD\n[${version}]: ${REPOSITORY}/${before ? `compare/${before}v${version}` : `releases/tag/v${version}`}`,
		);
}

/** Whether a version of three numbers comes after another one. */
function isHigher(version: string, than: string): boolean {
	const [a, b] = [version, than].map((text) => text.split('.').map(Number));
	const index = [0, 1, 2].find((place) => a?.[place] !== b?.[place]);
	return index !== undefined && (a?.[index] ?? 0) > (b?.[index] ?? 0);
}
