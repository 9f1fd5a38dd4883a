export { default } from "lectern/program";
