/** A header that the page sends with each request: no form and no link of another site can send it. */
export const STUDIO_HEADER = "x-lectern-studio";
