import { IANAZone } from 'luxon';
import type { MappingPlan } from './mapping';

/** Whether a row turns instants into days or local times. A source field of days alone needs no zone. */
export const needsTimeZone = (plan: MappingPlan): boolean =>
	plan.rows.some(({ destination, sourceField }) =>
		destination.type === 'date'
			? sourceField?.type !== 'date'
			: destination.type === 'text' && sourceField?.type === 'datetime',
	);

/** Whether `name` is a zone of the IANA database, such as Europe/Berlin, that this machine knows. */
export const isTimeZone = (name: string): boolean => IANAZone.isValidZone(name);
