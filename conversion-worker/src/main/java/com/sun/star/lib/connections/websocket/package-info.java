/**
 * How UNO for Java connects to a Unix socket at any path. UNO's connector looks for a connection of type {@code x} in the class
 * {@code com.sun.star.lib.connections.x.xConnector} and nowhere else, and JODConverter knows the types socket, pipe and
 * websocket: the first is TCP, the second is taken by a class that wants a native library and finds sockets in /tmp only, the
 * third is free, since UNO 4.1.2 has no web sockets. Hence the names here. Calls nothing of Docmill.
 */
@NullMarked
package com.sun.star.lib.connections.websocket;

import org.jspecify.annotations.NullMarked;
