import fc from 'fast-check';
import type { BrevoContact } from '../../../../../clients/brevo/api/types';
import { ContactForm } from '../../../../../clients/brevo/destination/lookup/compact/contactForm';
import { TextDictionary } from '../../../../../clients/brevo/destination/lookup/compact/textDictionary';
import { ContactMirror } from '../../../../../clients/brevo/destination/lookup/contactMirror';
import type { KeptContact } from '../../../../../clients/brevo/destination/lookup/toHeldContact';
import { toKeptContact } from '../../../../../clients/brevo/destination/lookup/toHeldContact';
import { propertyRuns } from '../../../../support/propertyRuns';

const NAMES = ['CITY', 'SCORE', 'INTERESTS'];

/** Texts of all sorts, halves of characters among them, and such as look like the forms that are kept shorter. */
const text = fc.oneof(
	fc.string({ unit: 'binary', maxLength: 20 }),
	fc.constantFrom('', 'Köln', 'Köln ', '\ud83d', 'x\udc00y', '煜祺', 'a'.repeat(300)),
);
const key = fc.oneof(
	fc.integer({ min: 0, max: 30 }).map((n) => `hubspot:1:contact:${n}`),
	fc.constantFrom('salesforce:00D:Contact:003A00000000001AAA', 'shop:007', 'x', ':', 'a:9007199254740993'),
);
const email = fc.oneof(
	fc.integer({ min: 0, max: 30 }).map((n) => `p${n}@x.example`),
	fc.constantFrom('@', 'a@', '@b', 'a@b@c.example', 'ünï@dömäin.example'),
);
const phone = fc.constantFrom('+491701234567', '+0491', '+9007199254740993', '+1', '491', '');
const lists = fc.array(fc.integer({ min: 1, max: 400 }), { maxLength: 3 });
const value = fc.oneof(
	text,
	fc.double({ noNaN: true }),
	fc.integer(),
	fc.boolean(),
	fc.constant(null),
	fc.array(text, { maxLength: 3 }),
);

const optional = <T>(values: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(values, { nil: undefined });

describe('contacts as bytes', () => {
	it('come back as they were, whatever is in them', () => {
		const kept = fc.record({
			id: fc.maxSafeNat(),
			email: optional(email),
			spelledEmail: optional(text),
			phone: optional(phone),
			sourceKey: optional(key),
			otherKeys: optional(fc.array(key, { minLength: 1, maxLength: 5 })),
			lostKeys: optional(fc.array(key, { minLength: 1, maxLength: 2 })),
			leftEmails: optional(fc.array(email, { minLength: 1, maxLength: 3 })),
			isOwed: optional(fc.constant(true as const)),
			emailBlocked: fc.boolean(),
			smsBlocked: fc.boolean(),
			listIds: lists,
			listsLeft: optional(lists),
			values: optional(fc.tuple(value, value, value)),
			modifiedAt: fc.maxSafeNat(),
		});
		const runs = propertyRuns('contacts as bytes', 400);
		fc.assert(
			fc.property(fc.array(kept, { minLength: 1, maxLength: 5 }), (contacts) => {
				const form = new ContactForm(new TextDictionary(), NAMES.length);
				for (const contact of [...contacts, ...contacts]) {
					const { bytes, length } = form.write(contact, Infinity);
					const read = form.read(Buffer.from(bytes.subarray(0, length)), 0);
					expect(definedOnly(read)).toEqual(definedOnly(contact));
				}
				runs.count();
			}),
			runs.parameters,
		);
	});
});

const definedOnly = (contact: KeptContact): unknown =>
	Object.fromEntries(Object.entries(contact).filter(([, one]) => one !== undefined));

const contact: fc.Arbitrary<BrevoContact> = fc.record({
	id: fc.integer({ min: 1, max: 12 }),
	email: fc.option(email, { nil: null }),
	ext_id: fc.option(key, { nil: null }),
	emailBlacklisted: fc.boolean(),
	smsBlacklisted: fc.boolean(),
	modifiedAt: fc.constantFrom('2026-08-01T19:45:17.088+02:00', '2026-08-02T19:45:17.088+02:00', 'none'),
	listIds: lists,
	attributes: fc.record({
		CITY: text,
		SCORE: fc.integer(),
		INTERESTS: fc.array(text, { maxLength: 2 }),
		SMS: fc.constantFrom('491701', '491702', ''),
		CONTACT_SYNC_KEY: fc.oneof(fc.constant('-'), key),
		CONTACT_SYNC_LEFT: fc.oneof(fc.constant('-'), email),
	}),
});

const step = fc.oneof(
	{ weight: 6, arbitrary: contact.map((one) => ({ put: one })) },
	{ weight: 1, arbitrary: fc.integer({ min: 1, max: 12 }).map((id) => ({ remove: id })) },
);

/** The same, as simply as can be: an identifier stands for the contact that it was put with last, as long as that one has it. */
class PlainMirror {
	readonly contacts = new Map<number, KeptContact>();
	private readonly holders = new Map<string, number>();

	put(read: BrevoContact): void {
		const kept = toKeptContact(read, NAMES);
		this.contacts.set(kept.id, kept);
		for (const name of this.namesOf(kept)) this.holders.set(name, kept.id);
	}

	find(kind: string, name: string): number | undefined {
		const id = this.holders.get(`${kind} ${name}`);
		const kept = id === undefined ? undefined : this.contacts.get(id);
		return kept && this.namesOf(kept).includes(`${kind} ${name}`) ? id : undefined;
	}

	private namesOf({
		email: address,
		phone: number,
		sourceKey,
		otherKeys = [],
		leftEmails = [],
	}: KeptContact): string[] {
		return [
			`email ${address}`,
			`phone ${number}`,
			`sourceKey ${sourceKey}`,
			...otherKeys.map((one) => `otherKeys ${one}`),
			...leftEmails.map((one) => `leftEmails ${one}`),
		];
	}
}

describe('the mirror', () => {
	it('finds what a plain one finds, in whatever order contacts come, change hands of identifiers and go', () => {
		const runs = propertyRuns('the compact mirror', 150);
		fc.assert(
			fc.property(fc.array(step, { maxLength: 60 }), fc.constantFrom(Infinity, 10), (steps, bytesPerContact) => {
				const mirror = new ContactMirror(NAMES, { bytesPerContact });
				const plain = new PlainMirror();
				mirror.beginBatch('none');
				for (const one of steps) {
					if ('put' in one) {
						mirror.put(one.put);
						plain.put(one.put);
					} else {
						mirror.remove(one.remove);
						plain.contacts.delete(one.remove);
					}
				}
				expect(mirror.size).toBe(plain.contacts.size);
				expect([...mirror.ids()]).toEqual([...plain.contacts.keys()].sort((a, b) => a - b));
				for (const [id, kept] of plain.contacts) {
					const { lostKeys: _lost, ...held } = { ...mirror.byId(id) } as KeptContact;
					expect(definedOnly(held)).toEqual(definedOnly(kept));
				}
				const names = steps.flatMap((one) => ('put' in one ? [toKeptContact(one.put, NAMES)] : []));
				for (const { email: address = '', phone: number = '', sourceKey = '', leftEmails = [] } of names) {
					if (address) expect(mirror.byEmail(address)?.id).toBe(plain.find('email', address));
					if (number) expect(mirror.byPhone(number)?.id).toBe(plain.find('phone', number));
					const byKey = plain.find('sourceKey', sourceKey) ?? plain.find('otherKeys', sourceKey);
					if (sourceKey && byKey !== undefined) expect(mirror.byKey(sourceKey)?.id).toBe(byKey);
					for (const left of leftEmails) expect(mirror.byLeftEmail(left)?.id).toBe(plain.find('leftEmails', left));
				}
				runs.count();
			}),
			runs.parameters,
		);
	});
});

describe('the size of a mirror', () => {
	it('is at most 120 bytes a contact, with six values each, for 30,000 contacts that come twice', () => {
		const names = ['FIRSTNAME', 'LASTNAME', 'CITY', 'COUNTRY', 'COMPANY', 'REVENUE'];
		const mirror = new ContactMirror(names, { expected: 30_000, bytesPerContact: 120 });
		const heldAtFirst = { values: 0, bytes: 0 };
		for (const round of [1, 2]) {
			for (let n = 1; n <= 30_000; n++)
				mirror.put({
					id: 1_000_000 + n,
					email: `first.last${n}@company${n % 2_000}.example`,
					ext_id: `hubspot:12345678:contact:${100_000_000_000 + n}`,
					emailBlacklisted: n % 9 === 0,
					smsBlacklisted: false,
					modifiedAt: new Date(1_785_000_000_000 + n * round).toISOString(),
					listIds: [12, 40 + (n % 3)],
					attributes: {
						FIRSTNAME: `Ada ${n % 700}`,
						LASTNAME: `Lovelace ${n % 1_000}`,
						CITY: `City ${n % 900}`,
						COUNTRY: 'Germany',
						COMPANY: `Company ${n % 2_000}`,
						REVENUE: n * 10,
						...(n % 2 === 0 ? { SMS: `4915${100_000_000 + n}` } : {}),
					},
				});
			heldAtFirst.bytes ||= mirror.bytes;
		}
		expect(mirror.bytes / mirror.size).toBeLessThan(120);
		// What comes again takes the place it had.
		expect(mirror.bytes).toBeLessThan(heldAtFirst.bytes * 1.05);
		expect(mirror.byEmail('first.last29999@company1999.example')?.values).toEqual([
			'Ada 599',
			'Lovelace 999',
			'City 299',
			'Germany',
			'Company 1999',
			299_990,
		]);
	});
});
