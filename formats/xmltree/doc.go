// Package xmltree reads the XML of reports into a tree whose every element knows its place: offset, line and path.
//
// Call [Each] for every document of a file, or [EachPart] where one may hold thousands of the same element: those are
// handed over one by one, in memory that does not grow with them, and a broken one does not spoil the others. It reads XML 1.0 in UTF-8 as messages between
// institutions use it, and refuses what they never need and attackers do: document types, entities of one's own, other
// encodings, deep nesting, floods of elements or attributes. It never looks outside the bytes it is given, and knows no
// message. Names are kept without their prefix; the namespace is looked up when asked for.
package xmltree
