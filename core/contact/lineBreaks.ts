/** The text with line breaks of one form: Salesforce stores others in a text area than it gets. */
export const withPlainLineBreaks = (text: string): string => text.replace(/\r\n?/g, '\n');
