/** The file of the windows in the ConfigMap. */
export const WINDOWS_FILE = "windows.json";

/** The folder of it in the pod that runs `lectern tick`. */
export const WINDOWS_FOLDER = "/etc/lectern/warm-up";

/** Where that pod has the windows: `lectern tick` looks there by itself. */
export const MOUNTED_WINDOWS = `${WINDOWS_FOLDER}/${WINDOWS_FILE}`;
