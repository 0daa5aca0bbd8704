<?php
// What Moodle makes of a file of questions: how many it imports, what it shows, what attempts earn, what it exports.
// {xml: path, attempts: [[response, …], …]}, question by question; a response is what a browser sends, null the right
// answer.

require(__DIR__ . '/site.php');
require(__DIR__ . '/asking.php');
require_once($CFG->dirroot . '/question/format.php');
require_once($CFG->dirroot . '/question/format/xml/format.php');

/** Imports a file as the form does unless the teacher changes it; the questions' ids. */
function imported(stdClass $course, string $file): array {
    $context = context_course::instance($course->id);
    $format = new qformat_xml();
    $format->setCategory(question_make_default_categories([$context]));
    $format->setContexts([$context]);
    $format->setCourse($course);
    $format->setFilename($file);
    $format->setRealfilename(basename($file));
    $format->setMatchgrades('error');
    $format->setCatfromfile(true);
    $format->setContextfromfile(true);
    $format->setStoponerror(true);
    $done = $format->importpreprocess() && $format->importprocess() && $format->importpostprocess();
    return $done ? $format->questionids : [];
}

answer(function (stdClass $course, array $request): array {
    $ids = imported($course, $request['xml']);
    return $ids
        ? ['questions' => asked($ids, $request['attempts']), 'exported' => exported($course, $ids)]
        : ['questions' => [], 'exported' => ''];
});
