/** The mapping of every contestant: HubSpot property by Brevo attribute, of every type there is. */
export const MAPPING: Readonly<Record<string, string>> = {
	EMAIL: 'email',
	SMS: 'phone',
	FIRSTNAME: 'firstname',
	LASTNAME: 'lastname',
	JOB_TITLE: 'jobtitle',
	COMPANY_NAME: 'company',
	CITY: 'city',
	COUNTRY: 'country',
	BIRTHDAY: 'birthday',
	LIFECYCLE: 'lifecyclestage',
	INTERESTS: 'interests',
};
