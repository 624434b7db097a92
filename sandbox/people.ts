import names from './names.json';

/** A made-up person. Phones are valid numbers in E.164 form, one person each; e-mails are lower-case and reserved domains. */
export interface Person {
	/** Position, from 0. */
	readonly n: number;
	readonly firstName: string;
	readonly lastName: string;
	readonly email: string;
	readonly phone: string;
	/** Country calling code without `+`; the rest of `phone` is the national number. */
	readonly callingCode: string;
	/** ISO 3166-1 alpha-2. */
	readonly country: string;
	readonly countryName: string;
	readonly city: string;
	readonly company: string;
	readonly jobTitle: string;
	/** `YYYY-MM-DD`. */
	readonly birthday: string;
	/** Language code such as `fr` or `pt-br`. */
	readonly locale: string;
}

/**
 * Per country: calling code, the first digits of a mobile number, how many digits follow them, name. The combinations are
 * valid numbers of that country's plan.
 */
const PHONES: Readonly<Record<string, readonly [code: string, prefix: string, digits: number, name: string]>> = {
	FR: ['33', '61', 7, 'France'],
	DE: ['49', '151', 8, 'Germany'],
	IT: ['39', '347', 7, 'Italy'],
	PL: ['48', '60', 7, 'Poland'],
	ES: ['34', '61', 7, 'Spain'],
	BR: ['55', '119', 8, 'Brazil'],
	PT: ['351', '91', 7, 'Portugal'],
	NL: ['31', '61', 7, 'Netherlands'],
	GB: ['44', '740', 7, 'United Kingdom'],
	US: ['1', '2024', 6, 'United States'],
	SE: ['46', '70', 7, 'Sweden'],
	DK: ['45', '26', 6, 'Denmark'],
	NO: ['47', '41', 6, 'Norway'],
	FI: ['358', '40', 7, 'Finland'],
	CZ: ['420', '602', 6, 'Czechia'],
	HU: ['36', '20', 7, 'Hungary'],
	RO: ['40', '74', 7, 'Romania'],
	TR: ['90', '532', 7, 'Türkiye'],
	GR: ['30', '697', 7, 'Greece'],
	UA: ['380', '67', 7, 'Ukraine'],
	JP: ['81', '901', 7, 'Japan'],
	KR: ['82', '10', 8, 'South Korea'],
	TW: ['886', '91', 7, 'Taiwan'],
	VN: ['84', '98', 7, 'Vietnam'],
	TH: ['66', '81', 7, 'Thailand'],
	SA: ['966', '50', 7, 'Saudi Arabia'],
	IL: ['972', '502', 6, 'Israel'],
};

const COMPANIES = ['Café Lumière', 'Bäckerei Grün', 'Atelier Nord', 'Müller & Söhne', 'O’Brien Books', '東京デザイン', 'Studio Żółw', 'Casa Añil', 'Green "Leaf" Co.', 'شركة النور', 'אור ים', 'Nordlys AS', 'Παραδείγματα ΑΕ', '<Angle> Works', 'Piekarnia Świt', '한빛상사', 'Banca del Sole', 'Fjord & Fell', 'Delta Agro', 'Rive Gauche']; // prettier-ignore
const JOBS = ['Head of Marketing', 'Directrice générale', 'Geschäftsführerin', 'Office Manager', 'Responsabile acquisti', 'Kierownik projektu', 'Buyer', '営業部長', 'Software Engineer', 'Ingénieur', 'مدير المبيعات', 'מנהלת מוצר', 'Teacher', 'Owner', 'Journalist', 'Nurse', 'Architektin', '']; // prettier-ignore
const DOMAINS = ['example.com', 'example.org', 'example.net', 'mail.example.com', 'team.example.org', 'shop.example'];
/** Local parts for names that no Latin letters are left of. */
const WORDS = ['hana', 'sora', 'noor', 'layla', 'minh', 'yuki', 'olena', 'nikos', 'dani', 'tal', 'min', 'somchai', 'iris', 'amber', 'kite', 'river']; // prettier-ignore

const locales = Object.entries(names);

/** Numbers from 0 to 1 that follow from the seed alone (mulberry32). */
export function seededRandom(seed: number): () => number {
	let state = seed >>> 0;
	return () => {
		state = (state + 0x6d2b79f5) >>> 0;
		let t = state;
		t = Math.imul(t ^ (t >>> 15), t | 1);
		t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
		return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
	};
}

/**
 * Makes `count` people of many languages and scripts: the same for the same seed, and the first ones the same for every
 * count. E-mail addresses and phones are unique. Names come from `names.json`.
 */
export function generatePeople(count: number, seed = 1): Person[] {
	const random = seededRandom(seed);
	const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
	const people: Person[] = [];
	for (let n = 0; n < count; n += 1) {
		const [locale, texts] = pick(locales);
		const firstName = pick(texts.first);
		const lastName = pick(texts.last);
		const phone = PHONES[texts.country];
		if (phone === undefined) throw new Error(`No phone plan for ${texts.country}`);
		const [callingCode, prefix, digits, countryName] = phone;
		const birthYear = 1944 + Math.floor(random() * 62);
		const month = 1 + Math.floor(random() * 12);
		const day = 1 + Math.floor(random() * 28);
		people.push({
			n,
			firstName,
			lastName,
			email: `${localPart(firstName, lastName, pick(WORDS), n)}@${pick(DOMAINS)}`,
			phone: `+${callingCode}${prefix}${spread(n, digits)}`,
			callingCode,
			country: texts.country,
			countryName,
			city: pick(texts.city),
			company: pick(COMPANIES),
			jobTitle: pick(JOBS),
			birthday: `${birthYear}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`,
			locale,
		});
	}
	return people;
}

/** The position itself makes the local part unique, whatever the names are. */
function localPart(firstName: string, lastName: string, word: string, n: number): string {
	const parts = [firstName, lastName].map(latin).filter((part) => part.length > 1);
	const stem = parts.length === 0 ? word : parts.join('.');
	return n % 9 === 0 ? `${stem}+news${n}` : `${stem}.${n}`;
}

const latinForms = new Map<string, string>();

function latin(text: string): string {
	const known = latinForms.get(text);
	if (known !== undefined) return known;
	const form = text
		.normalize('NFD')
		.replace(/ø/gi, 'o')
		.replace(/ł/gi, 'l')
		.replace(/ß/g, 'ss')
		.replace(/[^a-zA-Z]/g, '')
		.toLowerCase();
	latinForms.set(text, form);
	return form;
}

/** `digits` digits that differ for every n below 10^digits: multiplication by a number without 2 and 5 is one to one. */
function spread(n: number, digits: number): string {
	return String((n * 7_368_787 + 2_345_678) % 10 ** digits).padStart(digits, '0');
}
