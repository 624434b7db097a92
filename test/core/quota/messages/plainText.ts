import { unescape } from 'lodash';

/** What a mail client shows of a mail's HTML. */
export const plainText = (html: string): string => unescape(html.replace(/<[^>]*>/g, ' ').replace(/&nbsp;/g, ' '));
