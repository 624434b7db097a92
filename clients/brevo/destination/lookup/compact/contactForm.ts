import type { KeptContact } from '../toHeldContact';
import { ByteReader, ByteWriter } from './byteForm';
import type { TextDictionary } from './textDictionary';

/** What a contact has, or what it has in another form than most; one bit each. */
const HAS = {
	email: 1,
	spelledEmail: 2,
	phone: 4,
	sourceKey: 8,
	/** Not a plus and digits without a leading zero. */
	phoneText: 16,
	/** Does not end with a number after its last colon. */
	keyText: 32,
	emailBlocked: 64,
	smsBlocked: 128,
	otherKeys: 256,
	lostKeys: 512,
	leftEmails: 1_024,
	owed: 2_048,
	listsLeft: 4_096,
	noValues: 8_192,
} as const;

/** Contacts as bytes, without loss, and back. */
export class ContactForm {
	private readonly writer: ByteWriter;

	constructor(
		private readonly dictionary: TextDictionary,
		private readonly valueCount: number,
	) {
		this.writer = new ByteWriter(dictionary);
	}

	/**
	 * The bytes of a contact: the first `length` of `bytes`, until the next call. Values are left out where there are none, and where
	 * there is no room for them: when it all takes more than `room`.
	 */
	write(contact: KeptContact, room: number): { readonly bytes: Buffer; readonly length: number } {
		const { writer } = this;
		const { values } = contact;
		const flags = flagsOf(contact);
		writer.length = 0;
		writer.whole(values ? flags : flags + HAS.noValues);
		writer.whole(contact.id);
		writer.whole(contact.modifiedAt);
		if (contact.email !== undefined) this.writeEmail(contact.email);
		if (contact.spelledEmail !== undefined) writer.plainText(contact.spelledEmail);
		if (contact.phone !== undefined) {
			if (flags & HAS.phoneText) writer.plainText(contact.phone);
			else writer.whole(Number(contact.phone.slice(1)));
		}
		if (contact.sourceKey !== undefined) this.writeKey(contact.sourceKey, (flags & HAS.keyText) !== 0);
		writer.wholes(contact.listIds);
		if (contact.listsLeft) writer.wholes(contact.listsLeft);
		for (const texts of [contact.otherKeys, contact.lostKeys, contact.leftEmails]) if (texts) writer.texts(texts);
		const { length } = writer;
		for (const value of values ?? []) writer.value(value);
		if (!values || writer.length <= room) return { bytes: writer.buffer, length: writer.length };
		return length === writer.length
			? { bytes: writer.buffer, length }
			: this.write({ ...contact, values: undefined }, room);
	}

	/** The id alone. */
	readId(slab: Buffer, start: number): number {
		const reader = new ByteReader(slab, start, this.dictionary);
		reader.whole();
		return reader.whole();
	}

	read(slab: Buffer, start: number): KeptContact {
		const reader = new ByteReader(slab, start, this.dictionary);
		const flags = reader.whole();
		const has = (flag: keyof typeof HAS): boolean => (flags & HAS[flag]) !== 0;
		const [id, modifiedAt] = [reader.whole(), reader.whole()];
		const email = has('email') ? readEmail(reader) : undefined;
		const spelledEmail = has('spelledEmail') ? reader.text() : undefined;
		const phone = has('phone') ? (has('phoneText') ? reader.text() : `+${reader.whole()}`) : undefined;
		const sourceKey = has('sourceKey') ? readKey(reader, has('keyText')) : undefined;
		const listIds = reader.wholes();
		const listsLeft = has('listsLeft') ? reader.wholes() : undefined;
		const otherKeys = has('otherKeys') ? reader.texts() : undefined;
		const lostKeys = has('lostKeys') ? reader.texts() : undefined;
		const leftEmails = has('leftEmails') ? reader.texts() : undefined;
		const values = has('noValues') ? undefined : Array.from({ length: this.valueCount }, () => reader.value());
		return {
			id,
			email,
			...(spelledEmail === undefined ? {} : { spelledEmail }),
			phone,
			sourceKey,
			...(otherKeys ? { otherKeys } : {}),
			...(lostKeys ? { lostKeys } : {}),
			...(leftEmails ? { leftEmails } : {}),
			...(has('owed') ? { isOwed: true as const } : {}),
			emailBlocked: has('emailBlocked'),
			smsBlocked: has('smsBlocked'),
			listIds,
			...(listsLeft ? { listsLeft } : {}),
			values,
			modifiedAt,
		};
	}

	/** The domain apart: many contacts have the same one. */
	private writeEmail(email: string): void {
		const at = email.lastIndexOf('@');
		const hasDomain = at >= 0 && at < email.length - 1;
		this.writer.plainText(hasDomain ? email.slice(0, at) : email);
		this.writer.text(hasDomain ? email.slice(at + 1) : '');
	}

	/** `hubspot:12345:contact:678`: what is before the last number is the same for all contacts of a source. */
	private writeKey(key: string, asText: boolean): void {
		if (asText) return this.writer.text(key);
		const colon = key.lastIndexOf(':') + 1;
		this.writer.text(key.slice(0, colon));
		this.writer.whole(Number(key.slice(colon)));
	}
}

function readEmail(reader: ByteReader): string {
	const local = reader.text();
	const domain = reader.text();
	return domain === '' ? local : `${local}@${domain}`;
}

const readKey = (reader: ByteReader, asText: boolean): string => {
	const text = reader.text();
	return asText ? text : `${text}${reader.whole()}`;
};

function flagsOf(contact: KeptContact): number {
	const { email, spelledEmail, phone, sourceKey, otherKeys, lostKeys, leftEmails, listsLeft } = contact;
	const bits: ReadonlyArray<readonly [boolean, number]> = [
		[email !== undefined, HAS.email],
		[spelledEmail !== undefined, HAS.spelledEmail],
		[phone !== undefined, HAS.phone],
		[phone !== undefined && !(phone.startsWith('+') && isPlainNumber(phone.slice(1))), HAS.phoneText],
		[sourceKey !== undefined, HAS.sourceKey],
		[sourceKey !== undefined && !isPlainNumber(sourceKey.slice(sourceKey.lastIndexOf(':') + 1)), HAS.keyText],
		[contact.emailBlocked, HAS.emailBlocked],
		[contact.smsBlocked, HAS.smsBlocked],
		[otherKeys !== undefined, HAS.otherKeys],
		[lostKeys !== undefined, HAS.lostKeys],
		[leftEmails !== undefined, HAS.leftEmails],
		[contact.isOwed === true, HAS.owed],
		[listsLeft !== undefined, HAS.listsLeft],
	];
	return bits.reduce((flags, [isSet, bit]) => (isSet ? flags + bit : flags), 0);
}

/** Whether a text is just what a number is written as. */
const isPlainNumber = (text: string): boolean =>
	/^\d{1,16}$/.test(text) && Number.isSafeInteger(Number(text)) && String(Number(text)) === text;
