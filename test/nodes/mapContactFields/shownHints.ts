import type { IDataObject } from 'n8n-workflow';
import { MapContactFields } from '../../../nodes/MapContactFields/MapContactFields.node';
import { shownHintsOf } from '../../support/n8n/shownHints';
import { mapNode } from './mapNode';

/** The hints n8n's editor would show for a mapping with these parameters. */
export const shownHints = (parameters: IDataObject): string[] =>
	shownHintsOf(new MapContactFields(), mapNode(parameters));
