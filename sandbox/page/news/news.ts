/** Something that changed on one side, before the log numbers it. */
export interface News {
	readonly who: string;
	readonly what: string;
}

/** One side that is looked at again and again; each look tells what is new since the last one. */
export interface NewsDesk {
	/** `list`: whose members' comings and goings count. */
	look(list: string | undefined): News[];
}

export function nameOf(firstname: unknown, lastname: unknown, email: unknown, id: string | number): string {
	return [firstname, lastname].filter(Boolean).join(' ') || (typeof email === 'string' ? email : `Contact ${id}`);
}
