import type { Router } from 'express';
import type { BrevoAccount } from '../account';
import { BrevoError, invalidParameter, missingParameter } from '../brevoError';
import {
	attributeCategories,
	attributeTypes,
	type Attribute,
	type AttributeCategory,
	type AttributeType,
	type EnumerationItem,
} from '../entities';
import { attributeBody } from '../format';
import { bodyOf, optionalFlag, optionalText, optionalTexts, type Body } from '../readParameters';

/** Longest label of a category or of a choice. */
const MAX_OPTION_LENGTH = 200;
/** Attributes of an account (help page 9168632514066). */
const MAX_ATTRIBUTES = 200;
/** Identifiers of a contact; they are there in every account. */
const BUILT_IN = ['EMAIL', 'EXT_ID', 'SMS', 'WHATSAPP', 'LANDLINE_NUMBER'];

export function attributeRoutes(router: Router, { store }: BrevoAccount): void {
	router.get('/contacts/attributes', (_request, response) => {
		response.json({ attributes: store.attributes.map(attributeBody) });
	});

	router.post('/contacts/attributes/:category/:name', (request, response) => {
		store.attributes.push(
			newAttribute(store.attributes, String(request.params.category), String(request.params.name), bodyOf(request)),
		);
		response.status(201).end();
	});

	router.put('/contacts/attributes/:category/:name', (request, response) => {
		const attribute = existing(store.attributes, String(request.params.category), String(request.params.name));
		const body = bodyOf(request);
		const formula = optionalText(body, 'value');
		const enumeration = readEnumeration(body);
		const options = readOptions(body);
		if (formula === undefined && enumeration === undefined && options === undefined) {
			throw missingParameter('value, enumeration or multiCategoryOptions is missing');
		}
		if (formula !== undefined) {
			if (attribute.calculatedValue === undefined) throw invalidParameter('value is only for calculated and global');
			attribute.calculatedValue = formula;
		}
		if (enumeration !== undefined) {
			if (attribute.enumeration === undefined) throw invalidParameter('enumeration is only for category');
			const kept = attribute.enumeration.filter((item) => !enumeration.some(({ value }) => value === item.value));
			attribute.enumeration = [...kept, ...enumeration];
		}
		if (options !== undefined) {
			if (attribute.multiCategoryOptions === undefined) throw invalidParameter('Attribute is not multiple-choice');
			attribute.multiCategoryOptions = [...new Set([...attribute.multiCategoryOptions, ...options])];
		}
		response.status(204).end();
	});

	router.delete('/contacts/attributes/:category/:name', (request, response) => {
		const attribute = existing(store.attributes, String(request.params.category), String(request.params.name));
		if (BUILT_IN.includes(attribute.name)) throw invalidParameter('Default attributes cannot be deleted');
		store.deleteAttribute(attribute.name);
		response.status(204).end();
	});

	router.delete('/contacts/attributes/:type/:name/:option', (request, response) => {
		const attribute = existing(store.attributes, 'normal', String(request.params.name));
		const option = String(request.params.option);
		if (request.params.type !== 'multiple-choice' || attribute.multiCategoryOptions === undefined) {
			throw invalidParameter('Attribute is not multiple-choice');
		}
		if (!attribute.multiCategoryOptions.includes(option)) throw notThere();
		attribute.multiCategoryOptions = attribute.multiCategoryOptions.filter((known) => known !== option);
		response.status(204).end();
	});
}

/** A new attribute as `POST /contacts/attributes/{category}/{name}` checks it; the name is stored in upper case. */
export function newAttribute(
	existingOnes: readonly Attribute[],
	category: string,
	rawName: string,
	body: Body,
): Attribute {
	const name = rawName.toUpperCase();
	if (!isCategory(category)) throw invalidParameter('attributeCategory is not valid');
	if (!/^[\p{L}\p{N}_-]{1,100}$/u.test(name)) throw invalidParameter('Attribute name is not valid');
	if (BUILT_IN.includes(name) || existingOnes.some((attribute) => attribute.name === name)) {
		throw invalidParameter('Attribute name must be unique');
	}
	if (existingOnes.length >= MAX_ATTRIBUTES) throw invalidParameter('Maximum number of attributes reached');
	const type = optionalText(body, 'type');
	if (category === 'calculated' || category === 'global') {
		const calculatedValue = optionalText(body, 'value');
		if (calculatedValue === undefined) throw missingParameter('value is missing');
		return { name, category, calculatedValue, isRecurring: optionalFlag(body, 'isRecurring') ?? false };
	}
	if (category === 'category') {
		if (type !== undefined && type !== 'category') throw invalidParameter('type is not valid for this category');
		const enumeration = readEnumeration(body);
		if (enumeration === undefined) throw missingParameter('enumeration is missing');
		return { name, category, enumeration };
	}
	if (type === undefined) throw missingParameter('type is missing');
	const misplaced = category === 'normal' ? type === 'id' : type === 'user' || type === 'multiple-choice';
	if (!isType(type) || misplaced) throw invalidParameter('type is not valid for this category');
	if (type !== 'multiple-choice') return { name, category, type };
	return { name, category, type, multiCategoryOptions: readOptions(body) ?? [] };
}

function readEnumeration(body: Body): EnumerationItem[] | undefined {
	const raw = body.enumeration;
	if (raw === undefined || raw === null) return undefined;
	if (!Array.isArray(raw)) throw invalidParameter('enumeration should be an array');
	return raw.map((entry: unknown) => {
		const { value, label } = (typeof entry === 'object' && entry !== null ? entry : {}) as Body;
		if (typeof label !== 'string') throw invalidParameter('enumeration label should be a string');
		if (typeof value !== 'number' && typeof value !== 'string')
			throw invalidParameter('enumeration value is not valid');
		checkLength(label);
		return { value: String(value), label };
	});
}

function readOptions(body: Body): string[] | undefined {
	const options = optionalTexts(body, 'multiCategoryOptions');
	options?.forEach(checkLength);
	return options;
}

function checkLength(option: string): void {
	if (option.length > MAX_OPTION_LENGTH) throw invalidParameter('Option cannot exceed max 200 characters');
}

function existing(all: readonly Attribute[], category: string, name: string): Attribute {
	if (!isCategory(category)) throw invalidParameter('attributeCategory is not valid');
	const found = all.find((attribute) => attribute.name === name.toUpperCase() && attribute.category === category);
	if (found === undefined) throw notThere();
	return found;
}

const notThere = () => new BrevoError(404, 'document_not_found', 'Attribute not found');
const isCategory = (text: string): text is AttributeCategory =>
	(attributeCategories as readonly string[]).includes(text);
const isType = (text: string): text is AttributeType => (attributeTypes as readonly string[]).includes(text);
