import { Editor } from '../support/editor';
import type { E2e } from '../support/startE2e';
import { startE2e } from '../support/startE2e';
import { MappingTables } from './mappingTables';

/** One n8n and one tab with its editor, for all tests of what a person sees there. Close it. */
export interface OpenEditor {
	readonly e2e: E2e;
	readonly editor: Editor;
	readonly tables: MappingTables;
	close(): Promise<void>;
}

export async function openEditor(): Promise<OpenEditor> {
	const e2e = await startE2e({ members: 20 });
	try {
		const editor = await Editor.open(e2e.api);
		const close = async (): Promise<void> => {
			await editor.close();
			await e2e.close();
		};
		return { e2e, editor, tables: new MappingTables(e2e, editor), close };
	} catch (error) {
		await e2e.close();
		throw error;
	}
}
