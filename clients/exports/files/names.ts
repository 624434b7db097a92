/** The file name at the end of what people know a file by: `export.zip › folder/subscribed.csv`. */
export const lastPartOf = (name: string): string => name.split(/ › |\//).at(-1) ?? name;
