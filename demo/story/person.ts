/** A contact that the story is about, as it was when it was picked. */
export interface Person {
	/** HubSpot's record id. */
	readonly id: string;
	/** The key their outcomes carry. */
	readonly key: string;
	/** Brevo's contact id. */
	readonly brevoId: number;
	readonly name: string;
	readonly firstName: string;
	readonly email: string;
}
