/** Networks from outside: files are read without running anything in them, and written again. */
package io.backdoorgrid.model.io;
