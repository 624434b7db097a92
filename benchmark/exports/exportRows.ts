/** A made-up file as Mailchimp exports it, with 43 fields of the audience: a third of them empty, texts, numbers, choices and addresses. */

const FIELDS = 43;

export const header: readonly string[] = [
	'Email Address',
	'First Name',
	'Last Name',
	'Phone Number',
	...Array.from({ length: FIELDS }, (_, index) => `Field ${index + 1}`),
	...'MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,LATITUDE,LONGITUDE,GMTOFF,DSTOFF,TIMEZONE,CC,REGION'.split(
		',',
	),
	...'LAST_CHANGED,LEID,EUID,NOTES,TAGS,SMS Phone Number,SMS_MARKETING_STATUS,SOURCE'.split(','),
];

const FIRST_NAMES = ['Ada', 'Bob', 'Cy', 'Dora', 'Eve', 'Finn', 'Zoë'];
const two = (number: number): string => String(number).padStart(2, '0');

function fieldOf(row: number, field: number): string {
	if ((row * 31 + field * 17) % 3 === 0) return '';
	const kinds = [
		`value ${(row * 13 + field) % 40}`,
		String((row * 7_919 + field) % 100_000),
		`"Street ${(row * 97 + field) % 9_000}, Town ${row % 500}"`,
		['yes', 'no', 'maybe'][(row + field) % 3],
		`note ${row}-${field}`,
	];
	return kinds[field % kinds.length] ?? '';
}

export function rowOf(row: number): string {
	const clock = `${two(1 + (row % 12))}-${two(1 + (row % 28))} ${two(row % 24)}:${two(row % 60)}:${two((row * 7) % 60)}`;
	const ip = `203.0.113.${row % 250}`;
	return [
		`person.${row}@example${row % 50}.com`,
		FIRST_NAMES[row % FIRST_NAMES.length],
		`Lastname${row % 20_000}`,
		`'+1555${String(row).padStart(7, '0')}`,
		...Array.from({ length: FIELDS }, (_, field) => fieldOf(row, field)),
		...[1 + (row % 5), `2021-${clock}`, ip, `2022-${clock}`, ip, '47.3', '8.5', '1', '2', 'europe/zurich', 'ch', 'zh'],
		...[`2023-${clock}`, 500_000_000 + row, two(row).padStart(10, 'a'), '', `"""Member"",""Tag ${row % 30}"""`],
		...['', 'Non-subscribed', 'Hosted Signup Form'],
	].join(',');
}
