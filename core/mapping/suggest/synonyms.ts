/**
 * Names by which vendors and people call the same thing, in the languages in which HubSpot, Salesforce and Brevo create their fields
 * (Brevo names its first two attributes in the language of the account: PRENOM and NOM in French).
 * Folded as `foldName` does: lower case, no accents, letters and digits only. Within a line the first names are preferred
 * when several source fields mean the same.
 */
const CONCEPTS: readonly string[] = [
	'email emailaddress mail courriel adresseemail adressemail emailadresse mailadresse correo correoelectronico ' +
		'indirizzoemail enderecodeemail emailprimary primaryemail',
	'firstname fname givenname forename prenom vorname nombre nome primeironome voornaam imie fornamn fornavn ' +
		'prenume etunimi',
	'lastname lname surname familyname nom nomdefamille nachname familienname apellido apellidos cognome ' +
		'sobrenome apelido achternaam nazwisko efternamn efternavn etternavn nume sukunimi',
	'mobilephone mobile mobilephonenumber mobilenumber cellphone cell sms phone phonenumber telephone tel telefon ' +
		'telefonnummer handy handynummer mobil mobilnummer mobiltelefon portable telephoneportable movil ' +
		'telefonomovil celular telefone telefono cellulare telemovel mobieltje telefoon phonenumbermobile',
	'hswhatsappphonenumber whatsapp whatsappnumber whatsappphonenumber',
	'landline landlinenumber phone phonenumber fixedline festnetz festnetznummer telephonefixe telefonofijo ' +
		'telefonofisso',
	'company companyname accountname organisation organization entreprise societe firma unternehmen empresa azienda societa ' +
		'bedrijf foretag',
	'jobtitle job title position role poste fonction intituleduposte titredeposte berufsbezeichnung ' +
		'stellenbezeichnung jobposition cargo puesto qualifica ruolo functie functietitel',
	'address mailingaddress streetaddress street mailingstreet address1 addressline1 adresse rue strasse direccion ' +
		'calle indirizzo via endereco rua adres straat otheraddress',
	'street mailingstreet streetaddress addressline1 rue strasse calle via rua straat otherstreet',
	'city mailingcity town ville stadt ort ciudad citta cidade plaats stad miasto othercity',
	'zip zipcode postalcode mailingpostalcode postcode codepostal cp plz postleitzahl codigopostal cap cep ' +
		'otherpostalcode',
	'state stateregion mailingstate stateprovince region province county departement bundesland provincia regione ' +
		'estado otherstate',
	'country countryregion mailingcountry pays land pais paese kraj ipcountry hscountryregioncode othercountry',
	'dateofbirth birthday birthdate dob datedenaissance anniversaire naissance geburtsdatum geburtstag ' +
		'fechadenacimiento cumpleanos datadinascita compleanno datadenascimento geboortedatum',
	'gender sex sexe genre geschlecht genero sexo sesso genere geslacht',
	'salutation civility civilite anrede tratamiento titolo aanhef honorific',
	'hslanguage language preferredlanguage locale langue sprache idioma lingua taal',
	'website websiteurl url web siteweb webseite sitioweb sitoweb homepage accountwebsite',
	'industry sector branche secteur industrie sectordeactividad settore industria accountindustry',
	'lifecyclestage lifecycle stage etapeducycledevie lebenszyklusphase',
	'hsleadstatus leadstatus status statut',
	'numemployees numberofemployees employees companysize effectif nombredesalaries mitarbeiterzahl ' +
		'anzahlmitarbeiter',
	'annualrevenue revenue turnover chiffredaffaires umsatz jahresumsatz ingresos fatturato',
	'hubspotownerid owner ownername contactowner leadowner proprietaire besitzer zustaendiger',
	'leadsource source herkunft leadquelle quelle origine origen fonte',
	'fax faxnumber telecopie faxnummer',
	'twitterhandle twitter twitterusername',
	'hslinkedinurl linkedin linkedinurl linkedinprofile',
	'message notes note comment commentaire bemerkung nachricht remarques description beschreibung',
];

/** Lower case, without accents and everything that is no letter or digit. */
export const foldName = (name: string): string =>
	name
		.normalize('NFKD')
		.toLowerCase()
		.replace(/ß/g, 'ss')
		.replace(/[^\p{L}\p{N}]/gu, '');

/** Concept numbers and how preferred the name is within each (0 is the most preferred). */
export function conceptsOf(foldedName: string): ReadonlyMap<number, number> {
	return concepts.get(foldedName) ?? NONE;
}

const NONE: ReadonlyMap<number, number> = new Map();

const concepts: ReadonlyMap<string, ReadonlyMap<number, number>> = (() => {
	const found = new Map<string, Map<number, number>>();
	for (const [concept, names] of CONCEPTS.entries()) {
		for (const [preference, name] of names.split(' ').entries()) {
			const known = found.get(name) ?? new Map<number, number>();
			known.set(concept, preference);
			found.set(name, known);
		}
	}
	return found;
})();
