/** All of Docmill in one process, for one machine. Calls gateway, worker, embedded services and the command line. */
@NullMarked
package io.docmill.launcher;

import org.jspecify.annotations.NullMarked;
