<?php
// Opens the Moodle in MOODLE_ROOT as its administrator. Each script works in a course of its own, deleted at the end;
// it reads a request from stdin and answers with the last line that it prints, both JSON.

define('CLI_SCRIPT', true);
require(getenv('MOODLE_ROOT') . '/config.php');
require_once($CFG->dirroot . '/course/lib.php');
require_once($CFG->libdir . '/questionlib.php');

// A course that is deleted shall be gone.
$CFG->forced_plugin_settings['tool_recyclebin'] = ['categorybinenable' => 0, 'coursebinenable' => 0];
\core\session\manager::set_user(get_admin());
force_current_language('en');
set_debugging(DEBUG_DEVELOPER, true);

/** Answers a request by what `$work` returns for it and a new course; whatever Moodle prints goes along. */
function answer(callable $work): void {
    global $PAGE;
    $request = json_decode(stream_get_contents(STDIN), true, 512, JSON_THROW_ON_ERROR);
    $name = 'quizgen ' . getmypid() . ' ' . time();
    $course = create_course((object) [
        'fullname' => $name, 'shortname' => $name, 'category' => 1, 'format' => 'topics', 'newsitems' => 0,
    ]);
    $PAGE->set_course($course);
    ob_start();
    try {
        $answer = $work($course, $request);
        $answer['printed'] = ob_get_clean();
    } finally {
        ob_start();
        delete_course($course, false);
        ob_end_clean();
    }
    $answer['release'] = $GLOBALS['CFG']->release;
    echo json_encode($answer, JSON_THROW_ON_ERROR), "\n";
}
