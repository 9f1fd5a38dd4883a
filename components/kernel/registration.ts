import { randomUUID } from "node:crypto";

const ADOPTED = "adopted-";

/** A new registration of a kernel. @param adopted whether its gateway knew the kernel before this project did */
export const newRegistration = (name: string, adopted = false) =>
  `kernel/${name}/${adopted ? ADOPTED : ""}${randomUUID()}`;

/** Whether a kernel was adopted under this registration: its gateway needs no restart for it. */
export const isAdopted = (registration: string) => registration.split("/")[2]?.startsWith(ADOPTED) ?? false;
