/** A kind of e-mail that a contact can be subscribed to. */
export interface SubscriptionType {
	readonly id: number;
	readonly name: string;
	readonly description: string;
	readonly purpose: string;
	readonly isActive: boolean;
	readonly isDefault: boolean;
	readonly isInternal: boolean;
}

const DEFINED_AT = Date.UTC(2023, 3, 3, 9, 0, 0);

/** The subscription types of every account; each has a contact property `hs_email_optout_<id>`. */
export const SUBSCRIPTION_TYPES: readonly SubscriptionType[] = [
	{
		id: 10941702,
		name: 'Newsletter',
		description: 'News of the shop, every month',
		purpose: 'Marketing',
		isActive: true,
		isDefault: false,
		isInternal: false,
	},
	{
		id: 10941703,
		name: 'Offers',
		description: 'Offers and sales',
		purpose: 'Marketing',
		isActive: true,
		isDefault: false,
		isInternal: false,
	},
	{
		id: 10941704,
		name: 'One to One',
		description: 'One to One emails',
		purpose: 'Sales',
		isActive: true,
		isDefault: true,
		isInternal: true,
	},
	{
		id: 10941705,
		name: 'Catalogue 2022',
		description: 'No longer sent',
		purpose: 'Marketing',
		isActive: false,
		isDefault: false,
		isInternal: false,
	},
];

/** A subscription type in the form of `GET /communication-preferences/v4/definitions`. */
export function typeToJson({ id, ...type }: SubscriptionType): Record<string, unknown> {
	const at = new Date(DEFINED_AT).toISOString();
	return { id: String(id), ...type, communicationMethod: 'Email', createdAt: at, updatedAt: at };
}
